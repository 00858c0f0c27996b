import { join } from 'node:path';
import { repositoryRoot } from './n8n/paths.mts';

/** Where `npm start` keeps its n8n: inside the checkout, ignored by git, so that a second start keeps everything. */
export const demoFolder = join(repositoryRoot, '.n8n');

/** The file in a demo's folder that holds what `npm run send` needs to reach it. */
export const demoFile = (folder: string) => join(folder, 'demo.json');

/** The demo's production webhooks, by provider. */
export interface Demo {
	webhooks: Record<string, { url: string; token: string }>;
}
