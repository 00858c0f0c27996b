import type { Contract } from './contract.mts';
import { differences, type Difference } from './differences.mts';

const majorOf = (version: string) => Number(version.split('.')[0]);

interface Section {
	title: string;
	lines: string[];
}

function sectionsOf(changelog: string): Section[] {
	const [, ...sections] = changelog.split(/^## /m);
	return sections.map((section) => {
		const [title = '', ...lines] = section.split('\n');
		return { title, lines };
	});
}

const isOf = ({ title }: Section, version: string) => title.split(/[\s[\]()]+/).includes(version);
const isDated = ({ title }: Section) => /\d{4}-\d{2}-\d{2}/.test(title);

/** The section of a version in CHANGELOG.md; undefined where there is none. */
export const sectionOf = (changelog: string, version: string) =>
	sectionsOf(changelog).find((section) => isOf(section, version));

/** Whether CHANGELOG.md has the day on which a version was published. */
export const isPublished = (changelog: string, version: string) =>
	sectionsOf(changelog).some((section) => isOf(section, version) && isDated(section));

/** The names by which a line may name a change: the whole one, or without its node, or without its condition. */
function spellings({ name }: Difference): string[] {
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
	const changed = differences(promised, current);
	const sections = sectionsOf(changelog);
	const last = sections.findIndex((section) => isOf(section, promised.version));
	const promisedSection = sections[last];
	if (promisedSection === undefined) {
		return [
			`CHANGELOG.md has no section for ${promised.version}, the version of test/package/contract.json. Add it.`,
		];
	}
	if (!isDated(promisedSection)) {
		return changed.map(
			({ change, breaks }) =>
				`${change} ${breaks ? 'That would break saved workflows, but' : 'That breaks no saved workflow, and'} ${promised.version} is not published yet. If it is meant, say so in CHANGELOG.md where it describes this, and run npm run contract.`,
		);
	}
	const newer = sections.slice(0, last).flatMap(({ lines }) => lines);
	const nextMajor = majorOf(current.version) > majorOf(promised.version);
	return changed.flatMap((difference) => {
		const { name, change, breaks } = difference;
		const notes = newer.filter((line) =>
			spellings(difference).some((spelling) => line.includes(`\`${spelling}\``)),
		);
		if (!breaks) {
			if (notes.length > 0) return [];
			return [
				`${change} That breaks no saved workflow. Add a line to CHANGELOG.md, above ${promised.version}, that names \`${name}\`.`,
			];
		}
		if (majorOf(promised.version) > 0 && !nextMajor) {
			return [
				`${change} That breaks saved workflows. Keep it as it was, and give the node a new version that has the new one; or release ${majorOf(promised.version) + 1}.0.0.`,
			];
		}
		if (notes.some((line) => line.includes('Breaking'))) return [];
		return [
			`${change} That breaks saved workflows. Give the node a new version instead; or add a line to CHANGELOG.md, above ${promised.version}, that begins with **Breaking**, names \`${name}\` and says what a user has to change.`,
		];
	});
}
