import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { ICredentialType, INodeType, IVersionedNodeType } from 'n8n-workflow';
import { runNpm } from '../../testkit/n8n/npm.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';
import { PACKED_PATTERNS, scan, SOURCE_PATTERNS } from './scan.mts';
import type {
	LoadedCredential,
	LoadedNode,
	Manifest,
	VerifiedPackage,
} from './verifiedPackage.mts';

const run = promisify(execFile);
const inRoot = (...parts: string[]) => join(repositoryRoot, ...parts);

/**
 * Unpacks a tarball of npm's into a temporary folder, where its code finds n8n-workflow as it does in n8n.
 * Not inside the repository: n8n-node lint would look at it too.
 */
async function unpacked(tarball: string): Promise<{ temporary: string; folder: string }> {
	const temporary = await mkdtemp(join(tmpdir(), 'verify-package-'));
	await run('tar', ['-xzf', tarball, '-C', temporary]);
	await symlink(inRoot('node_modules'), join(temporary, 'node_modules'), 'junction');
	return { temporary, folder: join(temporary, 'package') };
}

/** The files of a folder with their texts, by their paths with slashes. */
async function textsIn(folder: string): Promise<Map<string, string>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	const texts = new Map<string, string>();
	for (const path of paths) {
		const name = path
			.slice(folder.length + 1)
			.split(sep)
			.join('/');
		texts.set(name, await readFile(path, 'utf8'));
	}
	return texts;
}

/** The class that n8n takes from a file: the one with the file's name. */
function instanceOf<T>(folder: string, file: string): { className: string; instance: T } {
	const [className = ''] = basename(file).split('.');
	const loaded: Record<string, (new () => T) | undefined> = createRequire(
		join(folder, 'package.json'),
	)(`./${file}`);
	const type = loaded[className];
	if (type === undefined) throw new Error(`it has no class ${className}`);
	return { className, instance: new type() };
}

const namesOf = (methods: object | undefined) => Object.keys(methods ?? {});

function loadNode(folder: string, file: string): LoadedNode[] {
	const { className, instance } = instanceOf<INodeType | IVersionedNodeType>(folder, file);
	const types = 'nodeVersions' in instance ? Object.values(instance.nodeVersions) : [instance];
	return types.map((type) => ({
		file,
		className,
		description: type.description,
		credentialTests: namesOf(type.methods?.credentialTest),
		lifecycle: namesOf(type.webhookMethods?.default),
		runs: [type.webhook, type.poll, type.trigger, type.execute].some(
			(method) => typeof method === 'function',
		),
	}));
}

function loadCredential(folder: string, file: string): LoadedCredential[] {
	const { className, instance } = instanceOf<ICredentialType>(folder, file);
	const { name, displayName, icon, documentationUrl, properties, test } = instance;
	return [
		{ file, className, type: { name, displayName, icon, documentationUrl, properties, test } },
	];
}

/** Loads each file; what does not load is named with the reason. */
function loadAll<T>(files: string[], load: (file: string) => T[], unloadable: string[]): T[] {
	return files.flatMap((file) => {
		try {
			return load(file);
		} catch (error) {
			unloadable.push(`${file} does not load: ${error instanceof Error ? error.message : error}`);
			return [];
		}
	});
}

async function lintFindings(): Promise<string[]> {
	const { code, output } = await runNpm(['run', 'lint', '--silent'], { cwd: repositoryRoot });
	const lines = stripVTControlCharacters(output)
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '' && !/n8n-node lint/.test(line));
	return code === 0 ? lines : [...lines, `n8n-node lint ended with ${code}`];
}

/**
 * Reads everything that the rules look at. Given the tarball's absolute path; npm and the scanner run meanwhile.
 * Throws when the tarball cannot be unpacked.
 */
export async function readPackage(tarball: string): Promise<VerifiedPackage> {
	const { temporary, folder } = await unpacked(tarball);
	try {
		return await readUnpacked(folder, (await stat(tarball)).size);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

async function readUnpacked(folder: string, bytes: number): Promise<VerifiedPackage> {
	const [lint, sourceFindings, packedFindings] = await Promise.all([
		lintFindings(),
		scan(repositoryRoot, SOURCE_PATTERNS),
		scan(folder, PACKED_PATTERNS),
	]);
	const files = await textsIn(folder);
	const manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
	const unloadable: string[] = [];
	const template = createRequire(inRoot('package.json'))
		.resolve('@n8n/node-cli/eslint')
		.replace(/configs[\\/]eslint\.js$/, join('template', 'templates', 'shared', 'default'));
	const workflowFolder = inRoot('.github', 'workflows');
	return {
		manifest,
		files,
		bytes,
		nodes: loadAll(manifest.n8n?.nodes ?? [], (file) => loadNode(folder, file), unloadable),
		credentials: loadAll(
			manifest.n8n?.credentials ?? [],
			(file) => loadCredential(folder, file),
			unloadable,
		),
		unloadable,
		lintFindings: lint,
		sourceFindings,
		packedFindings,
		eslintConfig: await readFile(inRoot('eslint.config.mjs'), 'utf8'),
		defaultEslintConfig: await readFile(join(template, 'eslint.config.mjs'), 'utf8'),
		workflows: existsSync(workflowFolder) ? await textsIn(workflowFolder) : new Map(),
	};
}
