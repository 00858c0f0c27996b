import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from '../n8n/paths.mts';

const folder = join(repositoryRoot, 'testkit', 'providers');
// Instead of a list of imports, which somebody would have to keep. Both jest and tsx load TypeScript this way.
const load = createRequire(join(folder, 'folders.mts'));

/**
 * What a file exports in each provider's folder that has it, in the order of the folders.
 * Throws where it does not export what it should.
 */
export function exportsOf<T extends object>(
	name: string,
	isComplete: (loaded: object) => loaded is T,
): T[] {
	return readdirSync(folder)
		.map((provider) => join(folder, provider, name))
		.filter((file) => existsSync(file))
		.map((file) => {
			const loaded: unknown = load(file);
			if (typeof loaded === 'object' && loaded !== null && isComplete(loaded)) return loaded;
			throw new Error(`${file} lacks its export. Name it as in the other providers' folders.`);
		});
}
