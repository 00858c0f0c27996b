import { rm } from 'node:fs/promises';

export default async function globalTeardown(): Promise<void> {
	const n8n = globalThis.endToEndN8n;
	if (!n8n) return;
	await n8n.stop();
	await rm(n8n.userFolder, { recursive: true, force: true });
}
