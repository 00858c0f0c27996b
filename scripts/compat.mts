// Runs the end-to-end cases on every pinned n8n, on the older ones of testkit/n8n/compat alone (--older), or on those
// that are named: npm run test:compat -- 1.123.81. Ends with a table, and with 1 where a case failed or was left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment } from '../testkit/n8n/npm.mts';
import { hostFolder, olderHostsFolder, repositoryRoot } from '../testkit/n8n/paths.mts';

/** These test the commands of this repository, not the package. */
const NOT_ABOUT_N8N = 'test/e2e/commands';

/** What jest counted; nothing where it could not begin. */
interface JestReport {
	numTotalTests?: number;
	numPassedTests?: number;
}

const readJson = <T,>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;

function runOn(version: string) {
	const report = join(repositoryRoot, 'artifacts', `compat-${version}.json`);
	// A report of an earlier run must not pass for this one's.
	rmSync(report, { force: true });
	console.log(`\nn8n ${version}`);
	const start = Date.now();
	const jest = join(repositoryRoot, 'node_modules', 'jest', 'bin', 'jest.js');
	const args = ['--selectProjects=e2e', '--runInBand', '--json', `--outputFile=${report}`];
	const { status } = spawnSync(
		process.execPath,
		[jest, ...args, `--testPathIgnorePatterns=${NOT_ABOUT_N8N}`],
		{
			cwd: repositoryRoot,
			// jest writes what a person reads to the other stream.
			stdio: ['ignore', 'ignore', 'inherit'],
			env: cleanEnvironment({
				MATRIX: 'all',
				N8N_COMPAT_VERSION: version === current ? undefined : version,
			}),
		},
	);
	const minutes = Number(((Date.now() - start) / 60_000).toFixed(1));
	const counts = existsSync(report) ? readJson<JestReport>(report) : {};
	const { numPassedTests: passed = 0, numTotalTests: cases = 0 } = counts;
	return { n8n: version, cases, passed, isGood: status === 0 && passed === cases, minutes };
}

const { dependencies } = readJson<{ dependencies: { n8n: string } }>(
	join(hostFolder, 'package.json'),
);
const current = dependencies.n8n;
const older = readdirSync(olderHostsFolder).sort(
	new Intl.Collator('en', { numeric: true }).compare,
);
const pinned = [...older, current];
const { values, positionals: named } = parseArgs({
	options: { older: { type: 'boolean' } },
	allowPositionals: true,
});
const unknown = named.filter((version) => !pinned.includes(version));
if (unknown.length > 0) {
	console.error(`Not pinned here: ${unknown.join(', ')}. Choose one of ${pinned.join(', ')}.`);
	process.exit(1);
}
const rest = values.older ? older : pinned;
const results = (named.length > 0 ? named : rest).map(runOn);
console.table(results);
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;
