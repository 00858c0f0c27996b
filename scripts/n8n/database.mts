import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { installN8n } from './install.mts';

/** n8n's database, opened from outside as a second program would. */
export interface Database {
	/** Runs statements, separated by `;;`; resolves with the rows of the last. */
	run(statements: string): Promise<unknown[]>;
	close(): void;
}

/** A process that n8n's Node.js runs: the one that runs this may be too old to have a SQLite of its own. */
const DATABASE_PROCESS = `
	const { DatabaseSync } = require('node:sqlite');
	const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
	process.on('message', (statements) => {
		let rows = [];
		for (const statement of statements.split(';;')) rows = database.prepare(statement).all();
		process.send(rows);
	});`;

export async function openDatabaseFile(file: string): Promise<Database> {
	const { node } = await installN8n();
	const child = spawn(node, ['-e', DATABASE_PROCESS, file], {
		stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
	});
	const exited = once(child, 'exit').then(() => undefined);
	return {
		run: async (statements) => {
			child.send(statements);
			const answer = await Promise.race([once(child, 'message'), exited]);
			if (answer === undefined) throw new Error('The SQL failed, see above.');
			const [rows] = answer;
			return rows as unknown[];
		},
		close: () => child.kill(),
	};
}
