import { startScript } from './nodeScript.mts';

/** n8n's database, opened from outside as a second program would. */
export interface Database {
	/** Runs statements, separated by `;;`; resolves with the rows of the last. */
	run(statements: string): Promise<unknown[]>;
	close(): void;
}

const DATABASE_SCRIPT = `
	const { Database } = require('sqlite3');
	const database = new Database(process.argv[1]);
	database.configure('busyTimeout', 5000);
	const run = (statement) => new Promise((resolve, reject) => {
		database.all(statement, (error, rows) => error ? reject(error) : resolve(rows));
	});
	process.on('message', async ({ statements }) => {
		let rows = [];
		for (const statement of statements.split(';;')) rows = await run(statement);
		process.send(rows);
	});`;

export async function openDatabaseFile(file: string): Promise<Database> {
	const script = await startScript(DATABASE_SCRIPT, file);
	return {
		run: async (statements) => (await script.ask({ statements })) as unknown[],
		close: script.end,
	};
}
