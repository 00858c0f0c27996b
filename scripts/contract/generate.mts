// Writes what this version promises into test/package/contract.json: before the first release whenever it changes,
// then with every release. Refuses, with 1 as exit code, while CHANGELOG.md does not account for a change.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { currentContract, type Contract } from './contract.mts';
import { differences } from './differences.mts';
import { sectionOf, versionProblems } from './versionProblems.mts';

const file = join(repositoryRoot, 'test', 'package', 'contract.json');

/** Before the first release a promise is a draft; a published one is replaced by the next version's alone. */
function problemsOf(promised: Contract, current: Contract, changelog: string): string[] {
	if (!sectionOf(changelog, promised.version)?.isDated) return [];
	if (current.version !== promised.version) return versionProblems(promised, current, changelog);
	return [`${promised.version} is published. Set the next version in package.json first.`];
}

async function main(): Promise<number> {
	const current = currentContract();
	const changelog = readFileSync(join(repositoryRoot, 'CHANGELOG.md'), 'utf8');
	const promised = JSON.parse(readFileSync(file, 'utf8')) as Contract;
	for (const { change } of differences(promised, current)) console.log(change);
	const problems = problemsOf(promised, current, changelog);
	for (const problem of problems) console.error(`Not written: ${problem}`);
	if (problems.length > 0) return 1;

	const options = await resolveConfig(file);
	const text = await format(JSON.stringify(current), { ...options, parser: 'json' });
	writeFileSync(file, text);
	console.log(`test/package/contract.json is that of ${current.version}.`);
	return 0;
}

process.exitCode = await main();
