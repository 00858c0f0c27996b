// Writes what is made of the shapes: the schemas that n8n shows, and the generated parts of the pages in docs/.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { referenceFiles } from './reference.mts';
import { schemaFiles } from './schema.mts';

const inRoot = (file: string) => join(repositoryRoot, file);
const generated = new Map([...schemaFiles(), ...referenceFiles()]);

for (const [file, text] of generated) {
	if (existsSync(inRoot(file)) && readFileSync(inRoot(file), 'utf8') === text) continue;
	mkdirSync(dirname(inRoot(file)), { recursive: true });
	writeFileSync(inRoot(file), text);
	console.log(`${file} written`);
}

// Schemas that no shape stands behind any more.
for (const name of readdirSync(inRoot('nodes'), { recursive: true, encoding: 'utf8' })) {
	const file = join('nodes', name).split(sep).join('/');
	if (!/\/__schema__\/.*\.json$/.test(file) || generated.has(file)) continue;
	rmSync(inRoot(file));
	console.log(`${file} removed`);
}
