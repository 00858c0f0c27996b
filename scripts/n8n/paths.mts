import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Under jest these files run as CommonJS, under tsx as ES modules: only one of the two names exists.
const here = typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));

/** The root of this repository, absolute. */
export const repositoryRoot = resolve(here, '..', '..');

/** The folder with the package.json and package-lock.json that pin the n8n host, absolute. */
export const hostFolder = resolve(here, 'host');
