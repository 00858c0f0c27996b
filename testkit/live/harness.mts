import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { N8nApi, nodeOutput } from '../n8n/api.mts';
import { readSession } from '../n8n/n8n.mts';
import { request, type HttpResponse } from '../n8n/http.mts';
import { openDatabaseFile, type Database } from '../n8n/database.mts';
export type { Database };
export { eventually } from '../n8n/waitFor.mts';
import type { DeliveryOptions, JsonObject } from '../providers/senders.mts';
import { TRIGGER, type LiveTrigger } from './liveTrigger.mts';

export * from './liveTrigger.mts';

/** The n8n that the run's global set-up started. */
export async function connect(): Promise<N8nApi> {
	return new N8nApi(environment('E2E_N8N_URL'), await readSession(userFolder()));
}

/** Where that n8n keeps its database, log and settings. */
export const userFolder = () => environment('E2E_N8N_USER_FOLDER');

/** The user folder that an n8n of a test's own begins with. */
export const preparedFolder = () => environment('E2E_PREPARED_FOLDER');

function environment(name: string): string {
	const value = process.env[name];
	if (!value)
		throw new Error(`${name} is not set. Run the end-to-end tests with npm run test:e2e.`);
	return value;
}

/** The database of the run's n8n, or of the n8n with another user folder. */
export const openDatabase = async (folder = userFolder()): Promise<Database> =>
	await openDatabaseFile(join(folder, '.n8n', 'database.sqlite'));

/** The files of the run's n8n, its database and its log among them, that hold one of these texts anywhere. */
export async function filesWith(...texts: string[]): Promise<string[]> {
	const names = await readdir(userFolder(), { recursive: true, withFileTypes: true });
	const files = names
		.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
		.map(({ parentPath, name }) => join(parentPath, name));
	expect(files.filter((file) => /(database\.sqlite|n8n\.log)$/.test(file))).toHaveLength(2);
	const found: string[] = [];
	for (const file of files) {
		// Databases remove their journals again.
		const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return Buffer.alloc(0);
			throw error;
		});
		if (texts.some((text) => content.includes(text))) found.push(file);
	}
	return found;
}

/** Starts a server on this machine. Resolves with its address. */
export async function listen(server: Server): Promise<string> {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.address();
	return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

export interface DeliverySettings extends DeliveryOptions {
	payload?: JsonObject;
	/** Another token than the trigger's; null sends none. */
	token?: string | null;
	/** Replaces the headers that the provider sends. */
	headers?: Record<string, string> | Array<[string, string]>;
	/** Replaces the body. */
	body?: string | Buffer;
	method?: string;
	url?: string;
	/** How long the provider waits for the answer. */
	timeoutMs?: number;
}

/** Delivers an event as the provider would, but for what the settings change. */
export async function deliver(
	{ sender, url, token }: LiveTrigger,
	event: string,
	settings: DeliverySettings = {},
): Promise<HttpResponse> {
	const sent = sender.delivery(
		event,
		settings.payload ?? sender.sample(event),
		settings.url ?? url,
		settings.token === null ? undefined : (settings.token ?? token),
		settings,
	);
	const body = settings.body ?? sent.body;
	return await request({
		...sent,
		headers: settings.headers ?? { ...sent.headers, ...sender.signing?.headers(body) },
		body,
		method: settings.method ?? sent.method,
		timeoutMs: settings.timeoutMs,
	});
}

/** Waits until a trigger's workflow has run a number of times, and no more. Resolves with the execution ids, oldest first. */
export async function expectExecutions(
	{ n8n, workflowId }: Pick<LiveTrigger, 'n8n' | 'workflowId'>,
	count: number,
): Promise<string[]> {
	if (count > 0) await n8n.waitForExecutions(workflowId, count);
	// An execution too many would be recorded before its delivery was answered.
	const all = await n8n.executions(workflowId);
	expect(all).toHaveLength(count);
	return all.map(({ id }) => id).reverse();
}

/** What a node put out in the executions that succeeded, oldest first: over all of them, the items of each output. */
export async function outputsOf(
	{ n8n, workflowId }: Pick<LiveTrigger, 'n8n' | 'workflowId'>,
	node = TRIGGER,
): Promise<Array<Array<Record<string, unknown>>>> {
	const all: Array<Array<Record<string, unknown>>> = [];
	for (const { id, status } of (await n8n.executions(workflowId)).reverse()) {
		if (status !== 'success') continue;
		const execution = await n8n.execution(id);
		if (!execution.data.resultData.runData[node]) continue;
		const outputs = nodeOutput(execution, node);
		for (const [index, items] of outputs.entries()) (all[index] ??= []).push(...items);
	}
	return all;
}

export const RECEIVED = { received: true };
export const UNAUTHORIZED = { error: expect.stringMatching(/token is missing or wrong/) };
export const ignored = (reason: string) => ({ received: true, ignored: reason });

/** Checks an answer's status and body. */
export function expectAnswer(
	{ status, json }: HttpResponse,
	expected: number,
	body: unknown,
): void {
	expect({ status, json }).toEqual({ status: expected, json: body });
}

/** How many of the answers are a 200 with that body. */
export const countOf = (answers: HttpResponse[], body: unknown): number =>
	answers.filter(({ status, json }) => status === 200 && isDeepStrictEqual(json, body)).length;
