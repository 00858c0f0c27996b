import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines } from '../n8n/npm.mts';
import { repositoryRoot } from '../n8n/paths.mts';
import { waitFor } from '../n8n/waitFor.mts';

export interface ServiceOptions {
	/** As it is called in a sentence. */
	title: string;
	command: string;
	args: string[];
	/** A folder of its own, as newFolder() makes it. Removed when the service has ended. */
	folder: string;
	/** Who runs it; the user of this process when absent. */
	user?: { uid: number; gid: number };
	/** What ends it quickly. */
	stopSignal: NodeJS.Signals;
	/** Resolves with whether it serves now. Rejects where it cannot be asked yet. */
	isReady: () => Promise<boolean>;
}

/** A folder for a service's data, gone with the service. Its path is the one that the service sees. */
export const newFolder = async (name: string): Promise<string> =>
	await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));

/** A program that serves until stop(), or until this process ends in whatever way. */
export interface Service {
	/** Resolves when the program and its folder are gone. */
	stop(): Promise<void>;
}

/** Starts a program and resolves when it serves. Throws with its last lines when it does not. */
export async function startService(options: ServiceOptions): Promise<Service> {
	const { title, isReady, ...forKeeper } = options;
	const file = join(repositoryRoot, 'testkit', 'services', 'keeper.mjs');
	const keeper = spawn(process.execPath, [file, JSON.stringify(forKeeper)], {
		// Ctrl-C reaches this process alone, which then ends the service.
		detached: true,
		windowsHide: true,
	});
	const exited = once(keeper, 'close');
	const stop = async () => {
		keeper.stdin.end();
		await exited;
	};
	let output = '';
	for (const stream of [keeper.stdout, keeper.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
	}
	const failed = (what: string) =>
		new Error(`${title} ${what}. Read its last lines below.\n${lastLines(output)}`);
	const serves = async () => {
		if (await isReady().catch(() => false)) return true;
		const hasEnded = keeper.exitCode !== null || keeper.signalCode !== null;
		if (hasEnded) throw failed('ended while it started');
		return false;
	};
	try {
		await waitFor(serves, () => failed('does not serve'), { everyMs: 100 });
	} catch (error) {
		await stop();
		throw error;
	}
	return { stop };
}
