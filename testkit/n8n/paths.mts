import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Under jest these files run as CommonJS, under tsx as ES modules: only one of the two names exists.
const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));

/** The root of this repository, absolute. */
export const repositoryRoot = resolve(here, '..', '..');

/** The folder that pins older versions of n8n, each in a folder of its name, absolute. */
export const olderHostsFolder = resolve(here, 'compat');

/**
 * The folder with the package.json and package-lock.json that pin the n8n host, absolute: the one that everything
 * runs on, or the older one that N8N_COMPAT_VERSION names.
 * The environment says it, because jest's set-up, its test files and the n8n that a test starts share nothing else.
 */
export const hostFolder = process.env.N8N_COMPAT_VERSION
	? resolve(olderHostsFolder, process.env.N8N_COMPAT_VERSION)
	: resolve(here, 'host');
