import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n, type N8n } from '../testkit/n8n/n8n.mts';

/**
 * Measures something on an n8n of its own, which is gone afterwards with all that it stored.
 *
 * @param tarball the packed package, or `undefined` for an n8n without it
 * @param env more variables for n8n
 */
export async function withN8n<T>(
	tarball: string | undefined,
	env: Record<string, string>,
	use: (n8n: N8n) => Promise<T>,
): Promise<T> {
	const userFolder = await mkdtemp(join(tmpdir(), 'bench-'));
	const n8n = await startN8n({
		userFolder,
		...(tarball !== undefined && { tarball }),
		env: { N8N_LOG_LEVEL: 'error', ...env },
	});
	try {
		return await use(n8n);
	} finally {
		await n8n.stop();
		await rm(userFolder, { recursive: true, force: true });
	}
}
