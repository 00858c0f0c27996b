import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n, type N8n } from '../../scripts/n8n/n8n.mts';
import { packPackage } from '../../scripts/n8n/package.mts';

declare global {
	var endToEndN8n: N8n | undefined;
}

/** One real n8n with the packed package for all end-to-end tests; they find it through the environment. */
export default async function globalSetup(): Promise<void> {
	const report = (line: string) => console.log(line);
	const tarball = await packPackage(report);
	const userFolder = await mkdtemp(join(tmpdir(), 'n8n-nodes-brazil-commerce-'));
	const n8n = await startN8n({ userFolder, tarball, report });
	globalThis.endToEndN8n = n8n;
	process.env.E2E_N8N_URL = n8n.url;
	process.env.E2E_N8N_USER_FOLDER = userFolder;
	process.env.E2E_TARBALL = tarball;
}
