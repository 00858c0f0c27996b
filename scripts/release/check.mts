// Whether a tag may be published: npm run release:check -- v1.2.3. Ends with 1 and says why when it may not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { releaseProblems, type Release } from './releaseProblems.mts';

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');

function main([tag]: string[]): number {
	if (tag === undefined) {
		console.error('Which tag? Run npm run release:check -- v1.2.3.');
		return 1;
	}
	const manifest = JSON.parse(read('package.json')) as Release['manifest'];
	const { version: promisedVersion } = JSON.parse(read('test/package/contract.json')) as {
		version: string;
	};
	const changelog = read('CHANGELOG.md');
	const problems = releaseProblems({ tag, manifest, changelog, promisedVersion });
	for (const problem of problems) console.error(problem);
	if (problems.length === 0) console.log(`${tag} may be published.`);
	return problems.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
