import { execFile } from 'node:child_process';
import { chown, readFile, rm } from 'node:fs/promises';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HOST, withFreePort } from '../n8n/process.mts';
import { findProgram, type WantedProgram } from './programs.mts';
import { newFolder, Service } from './service.mts';

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
/** PostgreSQL refuses to run as root; one of these is on every Debian. */
const UNPRIVILEGED = ['postgres', 'nobody'];
const LARGEST_OUTPUT = 1 << 30;

/** PostgreSQL's programs that talk to a server. */
class Client {
	constructor(
		private readonly folder: string,
		private readonly port: number,
	) {}

	async call(program: string, ...args: string[]): Promise<string> {
		const connection = ['-h', HOST, '-p', String(this.port), '-U', USER];
		const options = { maxBuffer: LARGEST_OUTPUT };
		return (await run(join(this.folder, program), [...connection, ...args], options)).stdout;
	}

	async psql(statements: string, database = 'postgres'): Promise<string> {
		return await this.call('psql', '-d', database, '-X', '-A', '-t', '-c', statements);
	}
}

/** A PostgreSQL of this machine on the local address, with its data in a temporary folder. */
export class Postgres {
	private constructor(
		private readonly service: Service,
		private readonly client: Client,
		readonly port: number,
	) {}

	/** Installs PostgreSQL where it is missing, and starts one. Throws one sentence on what to do when it cannot. */
	static async start(report?: (line: string) => void): Promise<Postgres> {
		const program = realpathSync(await findProgram(POSTGRES, report));
		const user = process.getuid?.() === 0 ? await unprivilegedUser() : undefined;
		return await withFreePort(async (port) => await Postgres.startAt(port, program, user));
	}

	private static async startAt(port: number, program: string, user?: User): Promise<Postgres> {
		const folder = await newFolder('postgres');
		if (user) await chown(folder, user.uid, user.gid);
		const data = join(folder, 'data');
		const settings = ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--no-locale'];
		try {
			await run(join(dirname(program), 'initdb'), settings, { cwd: folder, ...user });
		} catch (error) {
			await rm(folder, { recursive: true, force: true });
			throw new Error(
				`PostgreSQL cannot make its data in ${folder}. Set TMPDIR to a folder that every user can enter, and read its message below.\n${String(error)}`,
			);
		}
		const client = new Client(dirname(program), port);
		const service = await Service.start({
			title: 'PostgreSQL',
			command: program,
			// No socket file: the default folder for it may not be there, or not be this user's.
			args: ['-D', data, '-h', HOST, '-p', String(port), '-c', 'unix_socket_directories='],
			folder,
			...(user && { user }),
			stopSignal: 'SIGQUIT',
			// Another PostgreSQL that took the port meanwhile has another folder.
			isReady: async () => (await client.psql('SHOW data_directory')).trim() === data,
		});
		return new Postgres(service, client, port);
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
		await this.client.call('createdb', name);
	}

	/** The rows that a query selects. */
	async rows<Row>(query: string, database = 'postgres'): Promise<Row[]> {
		const json = `SELECT coalesce(json_agg(found), '[]') FROM (${query}) AS found`;
		return JSON.parse(await this.client.psql(json, database)) as Row[];
	}

	/** Runs statements; resolves with what psql prints. */
	async run(statements: string): Promise<string> {
		return await this.client.psql(statements);
	}

	/** Everything that is stored, as text. */
	async dump(): Promise<string> {
		return await this.client.call('pg_dump', '--data-only', 'postgres');
	}

	async stop(): Promise<void> {
		await this.service.stop();
	}
}

interface User {
	uid: number;
	gid: number;
}

async function unprivilegedUser(): Promise<User> {
	const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
	for (const name of UNPRIVILEGED) {
		const [, , uid, gid] = lines.find(([entry]) => entry === name) ?? [];
		if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Error(
		`PostgreSQL does not run as root, and there is no user ${UNPRIVILEGED.join(' or ')}. Run this as an ordinary user.`,
	);
}
