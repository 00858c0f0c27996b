// Runs the end-to-end cases on every pinned n8n, the older ones of testkit/n8n/compat too, and prints a table.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { installN8n } from '../testkit/n8n/install.mts';
import { cleanEnvironment } from '../testkit/n8n/npm.mts';
import { hostFolder, olderHostsFolder, repositoryRoot } from '../testkit/n8n/paths.mts';

const USAGE = `npm run test:compat [-- VERSION …]

  VERSION   a pinned version of n8n; all of them when none is given`;

/** These test the commands of this repository, not the package. */
const NOT_ABOUT_N8N = 'test/e2e/commands';

interface JestReport {
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ status: string; fullName: string }>;
	}>;
}

interface Counts {
	passed: number;
	/** Names of cases, or of files that could not be run. */
	failed: string[];
}

interface Result extends Counts {
	version: string;
	node: string;
	minutes: number;
}

/** What jest's report says. A case that was left out counts as failed. */
function countsOf({ testResults }: JestReport): Counts {
	const counts: Counts = { passed: 0, failed: [] };
	for (const { name, assertionResults } of testResults) {
		if (assertionResults.length === 0) counts.failed.push(`${basename(name)} could not be run`);
		for (const { status, fullName } of assertionResults) {
			if (status === 'passed') counts.passed++;
			else counts.failed.push(`${basename(name)}: ${fullName} (${status})`);
		}
	}
	return counts;
}

/** Runs the cases on one n8n, which is installed first where it is missing. */
async function runOn(version: string, folder: string): Promise<Result> {
	const { node } = await installN8n((line) => console.log(line), folder);
	const reports = join(repositoryRoot, 'artifacts', 'compat');
	const report = join(reports, `${version}.json`);
	await mkdir(reports, { recursive: true });
	await rm(report, { force: true });

	console.log(`\nn8n ${version}`);
	const start = Date.now();
	const jest = spawn(
		process.execPath,
		[
			join(repositoryRoot, 'node_modules', 'jest', 'bin', 'jest.js'),
			'--selectProjects=e2e',
			'--runInBand',
			`--testPathIgnorePatterns=${NOT_ABOUT_N8N}`,
			'--json',
			`--outputFile=${report}`,
		],
		{
			cwd: repositoryRoot,
			// jest writes what a person reads to the other stream.
			stdio: ['ignore', 'ignore', 'inherit'],
			env: cleanEnvironment({
				MATRIX: 'all',
				N8N_COMPAT_VERSION: folder === hostFolder ? undefined : version,
			}),
		},
	);
	await once(jest, 'close');
	const minutes = (Date.now() - start) / 60_000;
	const counts = await readFile(report, 'utf8').then(
		(text) => countsOf(JSON.parse(text) as JestReport),
		() => ({ passed: 0, failed: ['The tests could not begin'] }),
	);
	const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
	return { version, node: nodeVersion.slice(1), minutes, ...counts };
}

/** A Markdown table of the results, and below it what failed. */
function summary(results: Result[]): string {
	const rows = results.map(({ version, node, passed, failed, minutes }) => [
		version,
		node,
		passed,
		failed.length,
		minutes.toFixed(1),
	]);
	const head = ['n8n', 'Node.js', 'passed', 'failed', 'minutes'];
	const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
	for (const { version, failed } of results) {
		for (const name of failed) lines.push(`\nn8n ${version}, failed: ${name}`);
	}
	return lines.join('\n');
}

async function pinnedFolders(): Promise<Map<string, string>> {
	const older = readdirSync(olderHostsFolder).sort(
		new Intl.Collator('en', { numeric: true }).compare,
	);
	const manifest = await readFile(join(hostFolder, 'package.json'), 'utf8');
	const { dependencies } = JSON.parse(manifest) as { dependencies: { n8n: string } };
	return new Map([
		...older.map((version): [string, string] => [version, join(olderHostsFolder, version)]),
		[dependencies.n8n, hostFolder],
	]);
}

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { help: { type: 'boolean' } },
		allowPositionals: true,
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const pinned = await pinnedFolders();
	const results: Result[] = [];
	for (const version of positionals.length > 0 ? positionals : pinned.keys()) {
		const folder = pinned.get(version);
		if (folder === undefined) {
			throw new Error(
				`n8n ${version} is not pinned here. Choose one of ${[...pinned.keys()].join(', ')}.`,
			);
		}
		results.push(await runOn(version, folder));
	}
	console.log(`\n${summary(results)}`);
	if (results.some(({ failed, passed }) => failed.length > 0 || passed === 0)) process.exitCode = 1;
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
