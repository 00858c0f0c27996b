import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { PackageDirectoryLoader } from 'n8n-core';
import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';
import { runNpm } from '../../testkit/n8n/npm.mts';
import { repositoryRoot } from '../../testkit/n8n/paths.mts';

/** What of package.json the rules read. */
export interface Manifest {
	name: string;
	n8n: { strict?: boolean };
	[key: string]: unknown;
}

/** A node or a credential as n8n's loader made it of its packed file. */
export interface Loaded<T> {
	/** Its path in the package. */
	file: string;
	type: T;
}

/** Everything that the rules look at, read once. */
export interface PackedPackage {
	manifest: Manifest;
	/** The packed files by their path in the package, with their texts. */
	files: Map<string, string>;
	/** The size of the tarball. */
	bytes: number;
	nodes: Array<Loaded<INodeTypeDescription>>;
	credentials: Array<Loaded<ICredentialType>>;
	/** Why the package does not load in n8n. */
	loadErrors: string[];
	/** What `n8n-node lint` says of the repository, warnings too. */
	lintFindings: string[];
	/** What n8n's scanner says of the sources and of the packed files. */
	scanFindings: string[];
}

/** The packages that n8n has for a community package. There are no others when it is loaded, not even ours for development. */
const PROVIDED = ['lodash', 'luxon', 'n8n-workflow', 'zod'];

const linesOf = (text = '') =>
	stripVTControlCharacters(text)
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);

const textsIn = (folder: string): Map<string, string> =>
	new Map(
		readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((file) => statSync(join(folder, file)).isFile())
			.sort()
			.map((file) => [file.split(sep).join('/'), readFileSync(join(folder, file), 'utf8')]),
	);

async function load(
	folder: string,
): Promise<Pick<PackedPackage, 'nodes' | 'credentials' | 'loadErrors'>> {
	const loader = new PackageDirectoryLoader(folder);
	const loadErrors: string[] = [];
	await loader.loadAll().catch(({ message }: Error) => {
		// Without the files that asked for a missing module.
		loadErrors.push(message.replace(/\n.*/s, ''));
	});
	return {
		nodes: Object.values(loader.nodeTypes).flatMap(({ type, sourcePath: file }) =>
			('nodeVersions' in type ? Object.values(type.nodeVersions) : [type]).map(
				({ description }) => ({ file, type: description }),
			),
		),
		credentials: Object.values(loader.credentialTypes).map(({ type, sourcePath: file }) => ({
			file,
			type,
		})),
		loadErrors,
	};
}

async function lint(): Promise<string[]> {
	const { code, output } = await runNpm(['run', 'lint', '--silent'], { cwd: repositoryRoot });
	const lines = linesOf(output).filter((line) => !line.includes('n8n-node lint'));
	return code === 0 ? lines : [...lines, `n8n-node lint ended with ${code}`];
}

async function scan(folder: string, patterns: string[]): Promise<string[]> {
	const { passed, message, details } = await analyzePackage(folder, patterns);
	return passed ? [] : linesOf(details ?? message);
}

/** Reads a tarball of this package, given its absolute path. Throws when it cannot be unpacked. */
export async function readPacked(tarball: string): Promise<PackedPackage> {
	// Outside the repository, where neither lint nor the modules of the repository are near.
	const temporary = await mkdtemp(join(tmpdir(), 'verify-package-'));
	try {
		await promisify(execFile)('tar', ['-xzf', tarball, '-C', temporary]);
		await mkdir(join(temporary, 'node_modules'));
		for (const name of PROVIDED) {
			const target = join(repositoryRoot, 'node_modules', name);
			await symlink(target, join(temporary, 'node_modules', name), 'junction');
		}
		const folder = join(temporary, 'package');
		const files = textsIn(folder);
		const manifest: Manifest = JSON.parse(files.get('package.json') ?? '{}');
		const [lintFindings, sourceFindings, packedFindings] = await Promise.all([
			lint(),
			scan(repositoryRoot, SOURCE_FILE_PATTERNS),
			scan(folder, ['**/*.js', 'package.json']),
		]);
		return {
			manifest,
			files,
			bytes: statSync(tarball).size,
			...(await load(folder)),
			lintFindings,
			scanFindings: [...sourceFindings, ...packedFindings],
		};
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}
