import type { Contract } from './contract.mts';
import { differences, type Difference } from './differences.mts';

const majorOf = (version: string) => Number(version.split('.')[0]);

/** The sections of CHANGELOG.md, the newest first. One with a date is that of a published version. */
const sectionsOf = (changelog: string) =>
	changelog
		.split(/^## /m)
		.slice(1)
		.map((section) => {
			const [title = '', ...lines] = section.split('\n');
			const isDated = /\d{4}-\d{2}-\d{2}/.test(title);
			return { words: title.split(/[\s[\]()]+/), isDated, lines };
		});

/** The section of a version in CHANGELOG.md; undefined where there is none. */
export const sectionOf = (changelog: string, version: string) =>
	sectionsOf(changelog).find(({ words }) => words.includes(version));

/** The names by which a line may name a change: the whole one, or without its node, or without its condition. */
function spellings(name: string): string[] {
	const withoutNode = name.slice(name.indexOf('.') + 1);
	return [name, withoutNode].flatMap((one) => [one, one.replace(/ \([^)]*\)/g, '')]);
}

/**
 * What of a changed contract is not accounted for, as sentences that say what changed, whether it breaks saved
 * workflows, and what to do. Empty when all is well.
 * @param promised the contract of the last version, as committed
 * @param current the contract of the package as it is
 * @param changelog the text of CHANGELOG.md
 */
export function versionProblems(
	promised: Contract,
	current: Contract,
	changelog: string,
): string[] {
	const { version } = promised;
	const sections = sectionsOf(changelog);
	const last = sections.findIndex(({ words }) => words.includes(version));
	const section = sections[last];
	if (section === undefined) {
		return [
			`CHANGELOG.md has no section for ${version}, the version of test/package/contract.json. Add it.`,
		];
	}
	const newer = sections.slice(0, last).flatMap(({ lines }) => lines);
	const major = majorOf(version);
	const mayBreak = major === 0 || majorOf(current.version) > major;

	const problemOf = ({ name, breaks }: Difference): string | undefined => {
		if (!section.isDated) {
			return `${version} is not published yet. If it is meant, say so in CHANGELOG.md where it describes this, and run npm run contract.`;
		}
		if (breaks && !mayBreak) {
			return `Keep it as it was, and give the node a new version that has the new one; or release ${major + 1}.0.0.`;
		}
		const notes = newer.filter((line) =>
			spellings(name).some((spelling) => line.includes(`\`${spelling}\``)),
		);
		if (notes.some((line) => !breaks || line.includes('Breaking'))) return undefined;
		return breaks
			? `Give the node a new version instead; or add a line to CHANGELOG.md, above ${version}, that begins with **Breaking**, names \`${name}\` and says what a user has to change.`
			: `Add a line to CHANGELOG.md, above ${version}, that names \`${name}\`.`;
	};
	return differences(promised, current).flatMap((difference) => {
		const problem = problemOf(difference);
		if (problem === undefined) return [];
		const effect = difference.breaks
			? 'That breaks saved workflows.'
			: 'That breaks no saved workflow.';
		return [`${difference.change} ${effect} ${problem}`];
	});
}
