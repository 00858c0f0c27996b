import { sectionOf } from '../contract/versionProblems.mts';

export interface Release {
	/** The git tag, such as v1.2.3. */
	tag: string;
	manifest: { name: string; version: string; author?: { email?: string } };
	changelog: string;
	/** The version whose names, defaults and item keys test/package/contract.json has. */
	promisedVersion: string;
}

/** What keeps a release from being published; empty where nothing does. */
export function releaseProblems({ tag, manifest, changelog, promisedVersion }: Release): string[] {
	const { version, author } = manifest;
	const section = sectionOf(changelog, version);
	const checks: Array<[holds: boolean, problem: string]> = [
		[
			tag === `v${version}`,
			`The tag is ${tag}, and package.json has version ${version}. Tag v${version}, or set the version.`,
		],
		[
			section?.isDated === true,
			`CHANGELOG.md has no section "## ${version} - <date>". Add it, with the day of the release.`,
		],
		[
			section === undefined || section.lines.some((line) => line.startsWith('- ')),
			`The section ${version} of CHANGELOG.md is empty. Write down what changed.`,
		],
		[
			promisedVersion === version,
			`test/package/contract.json is that of ${promisedVersion}. Run npm run contract, and commit it.`,
		],
		[
			!/@example\.(com|org|net)$/.test(author?.email ?? '@example.com'),
			'package.json has a placeholder for its author. See "Before publishing" in CONTRIBUTING.md.',
		],
	];
	return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}
