// Writes what is made of the shapes: the schemas that n8n shows, and the generated parts of the pages in docs/.
// With --check it writes nothing, names each file that is not as it would be made, and ends with 1 if there is one.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { referenceFiles } from './reference.mts';
import { schemaFiles } from './schema.mts';

const inRoot = (file: string) => join(repositoryRoot, file);

/** Schemas that no shape stands behind any more. */
const leftovers = (made: ReadonlyMap<string, string>) =>
	readdirSync(inRoot('nodes'), { recursive: true, encoding: 'utf8' })
		.map((file) => join('nodes', file).split(sep).join('/'))
		.filter((file) => /\/__schema__\/.*\.json$/.test(file) && !made.has(file));

function main(args: string[]): number {
	const { check } = parseArgs({ args, options: { check: { type: 'boolean' } } }).values;
	const made = new Map([...schemaFiles(), ...referenceFiles()]);
	const stale = [...made].filter(
		([file, text]) => !existsSync(inRoot(file)) || readFileSync(inRoot(file), 'utf8') !== text,
	);
	const unwanted = leftovers(made);
	if (check) {
		for (const [file] of stale) console.error(`${file} is stale.`);
		for (const file of unwanted) console.error(`${file} is made of nothing any more.`);
		if (stale.length + unwanted.length === 0) return 0;
		console.error('Run npm run schemas, look at what changed, and commit it.');
		return 1;
	}
	for (const [file, text] of stale) {
		mkdirSync(dirname(inRoot(file)), { recursive: true });
		writeFileSync(inRoot(file), text);
		console.log(`${file} written`);
	}
	for (const file of unwanted) {
		rmSync(inRoot(file));
		console.log(`${file} removed`);
	}
	return 0;
}

process.exitCode = main(process.argv.slice(2));
