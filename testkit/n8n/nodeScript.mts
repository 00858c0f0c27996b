import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { installN8n } from './install.mts';

/** A script that runs in a process of its own and answers each message with one. */
export interface NodeScript {
	ask(message: object): Promise<unknown>;
	end(): void;
}

/** Starts a script with n8n's Node.js and n8n's modules: the Node.js that runs this may be too old for it. */
export async function startScript(script: string, ...args: string[]): Promise<NodeScript> {
	const { node, directory } = await installN8n();
	const child = spawn(node, ['-e', script, ...args], {
		cwd: directory,
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	const exited = once(child, 'exit').then(() => undefined);
	return {
		ask: async (message) => {
			child.send(message);
			const answer = await Promise.race([once(child, 'message'), exited]);
			if (answer === undefined) throw new Error('The script ended without an answer, see above.');
			return answer[0] as unknown;
		},
		end: () => child.kill(),
	};
}
