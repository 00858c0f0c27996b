import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { installN8n } from './install.mts';

/** n8n's database, opened from outside as a second program would. */
export interface Database {
	/** Runs statements, separated by `;;`; resolves with the rows of the last. */
	run(statements: string): Promise<unknown[]>;
	close(): void;
}

/** A process of its own, with the Node.js and the SQLite module of n8n: an older Node.js has none built in. */
const DATABASE_PROCESS = `
	const { Database } = require('sqlite3');
	const database = new Database(process.argv[1]);
	database.configure('busyTimeout', 5000);
	const run = (statement) => new Promise((resolve, reject) => {
		database.all(statement, (error, rows) => error ? reject(error) : resolve(rows));
	});
	process.on('message', async (statements) => {
		let rows = [];
		for (const statement of statements.split(';;')) rows = await run(statement);
		process.send(rows);
	});`;

export async function openDatabaseFile(file: string): Promise<Database> {
	const { node, directory } = await installN8n();
	const child = spawn(node, ['-e', DATABASE_PROCESS, file], {
		cwd: directory,
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
