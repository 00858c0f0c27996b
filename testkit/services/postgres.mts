import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HOST, withFreePort } from '../n8n/process.mts';
import { findProgram, type WantedProgram } from './programs.mts';
import { newFolder, startService, type Service } from './service.mts';

const run = promisify(execFile);

/** Debian keeps each version's programs in a folder of its own, outside the PATH. */
const DEBIAN = '/usr/lib/postgresql';
const POSTGRES: WantedProgram = {
	title: 'PostgreSQL',
	variable: 'POSTGRES_PATH',
	commands: ['postgres'],
	otherPlaces: () =>
		(existsSync(DEBIAN) ? readdirSync(DEBIAN) : [])
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(DEBIAN, version, 'bin', 'postgres')),
	packages: ['postgresql'],
	advice: 'its program "postgres"',
};
const USER = 'n8n';

/** A PostgreSQL of this machine on the local address, with its data in a temporary folder. */
export class Postgres {
	private service: Service | undefined;

	private constructor(
		/** The folder of its programs. */
		private readonly programs: string,
		readonly port: number,
	) {}

	/** Installs PostgreSQL where it is missing, and starts one. Throws one sentence on what to do when it cannot. */
	static async start(report?: (line: string) => void): Promise<Postgres> {
		const command = realpathSync(await findProgram(POSTGRES, report));
		// It refuses to run as root. Debian's package comes with a user.
		const user = process.getuid?.() === 0 ? await userNamed('postgres') : undefined;
		return await withFreePort(async (port) => {
			const postgres = new Postgres(dirname(command), port);
			const folder = await newFolder('postgres');
			if (user) await chown(folder, user.uid, user.gid);
			const data = join(folder, 'data');
			const settings = ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--no-locale'];
			await run(join(dirname(command), 'initdb'), settings, { cwd: folder, ...user });
			postgres.service = await startService({
				title: 'PostgreSQL',
				command,
				// No socket file: the default folder for it may not be there, or not be this user's.
				args: ['-D', data, '-h', HOST, '-p', String(port), '-c', 'unix_socket_directories='],
				folder,
				...(user && { user }),
				stopSignal: 'SIGQUIT',
				// Another PostgreSQL that took the port meanwhile has another folder.
				isReady: async () => (await postgres.run('SHOW data_directory')).trim() === data,
			});
			return postgres;
		});
	}

	/** The variables with which n8n uses a database of this server. */
	environment(database = 'postgres'): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: HOST,
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_DATABASE: database,
		};
	}

	async createDatabase(name: string): Promise<void> {
		await this.call('createdb', name);
	}

	/** The rows that a query selects. */
	async rows<Row>(query: string, database?: string): Promise<Row[]> {
		const json = `SELECT coalesce(json_agg(found), '[]') FROM (${query}) AS found`;
		return JSON.parse(await this.run(json, database)) as Row[];
	}

	/** Runs statements; resolves with what psql prints. */
	async run(statements: string, database = 'postgres'): Promise<string> {
		return await this.call('psql', '-d', database, '-X', '-A', '-t', '-c', statements);
	}

	/** Everything that is stored, as text. */
	async dump(): Promise<string> {
		return await this.call('pg_dump', '--data-only', 'postgres');
	}

	async stop(): Promise<void> {
		await this.service?.stop();
	}

	/** Runs one of PostgreSQL's programs that talk to a server. */
	private async call(program: string, ...args: string[]): Promise<string> {
		const connection = ['-h', HOST, '-p', String(this.port), '-U', USER];
		const options = { maxBuffer: Infinity };
		const { stdout } = await run(join(this.programs, program), [...connection, ...args], options);
		return stdout;
	}
}

async function userNamed(name: string): Promise<{ uid: number; gid: number }> {
	const id = async (what: string) => Number((await run('id', [what, name])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
}
