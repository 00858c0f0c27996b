import {
	NodeOperationError,
	toCronExpression,
	type ICredentialDataDecryptedObject,
	type INodeExecutionData,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
	type TriggerTime,
} from 'n8n-workflow';
import { explainedError } from '../core/api';
import { deliveryId } from '../core/duplicate';
import {
	batchId,
	logStateOf,
	logStateSchema,
	oldestFirst,
	planOf,
	withPending,
	withSeen,
	type LogEntry,
	type LogState,
} from '../core/eventLog';
import { itemOf } from '../core/item';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { redactor } from '../core/redact';
import { readCollection, readSelection, select, type Selection } from '../core/selection';
import { acceptedTokens } from '../core/token';
import { eventId, gen, timeOf } from './gen';
import { baseUrlOf, callGen, listOf, sellerIdOf } from './genApi';

/** The delivery id of a log's entry: the webhook's of the same event, where both show the same. */
export function idOf(body: JsonObject): string {
	const { name } = gen.eventOf({ body, headers: {}, query: {} });
	return deliveryId(gen, body, name, Buffer.from(writtenOut(body)));
}

/** A value as a text that no other value has: its JSON, unless it is nested too deeply for that. */
function writtenOut(value: Json): string {
	try {
		return JSON.stringify(value);
	} catch {
		return writtenOutDeep(value);
	}
}

function writtenOutDeep(value: Json): string {
	const parts: string[] = [];
	const rest = [value];
	for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
		const children = Array.isArray(next) || isJsonObject(next) ? next : undefined;
		parts.push(JSON.stringify(children ? Object.keys(children) : next));
		parts.push(Array.isArray(next) ? '[' : '');
		for (const child of Object.values(children ?? {})) rest.push(child);
	}
	return parts.join();
}

/**
 * The entries of the event log as `GET /api/events` answers it ("Conferindo os eventos ocorridos"; no document
 * shows its JSON). `undefined` where the answer holds no list.
 *
 * Two entries with the same content are two events, unless they carry the same id of their own.
 */
export function logEntriesOf(answer: Json): LogEntry[] | undefined {
	const copies = new Map<string, number>();
	const entries = listOf(answer)?.map((entry): LogEntry => {
		const body = isJsonObject(entry) ? entry : undefined;
		const id = body ? idOf(body) : batchId([writtenOut(entry)]);
		const copy = (copies.get(id) ?? 0) + 1;
		copies.set(id, copy);
		const isAnother = copy > 1 && (!body || eventId(body) === undefined);
		return { key: isAnother ? `${id}#${copy}` : id, time: body && timeOf(body), body };
	});
	return entries && [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

/**
 * Follows the event log: what is new in it starts the workflow, once, in order.
 *
 * n8n saves what a node remembers beside its executions, not with them. So each batch is remembered as pending
 * before it is handed over, under a key under which n8n stores no second execution, until n8n says that it ran;
 * what is still pending after a restart is handed over again.
 *
 * An older n8n knows no such key. There a batch is done with when it is handed over: else every start of n8n, and every
 * publication while the batch runs, would run it again. What n8n has not stored yet when it is killed is lost then.
 */
export class EventLog {
	private readonly selection: Selection;
	private readonly running = new Set<string>();
	private isPolling = false;

	constructor(private readonly context: ITriggerFunctions) {
		this.selection = readSelection(context, gen, readCollection(context, 'options'));
	}

	async follow(): Promise<ITriggerResponse> {
		if (this.context.getMode() === 'manual') {
			return { manualTriggerFunction: async () => await this.emitNewest() };
		}
		await this.start();
		const { item = [] } = this.context.getNodeParameter('pollTimes') as { item?: TriggerTime[] };
		for (const time of item) {
			const expression = toCronExpression(time);
			this.context.helpers.registerCron({ expression }, () => void this.poll());
		}
		return {};
	}

	/** The first poll. What keeps it from working keeps the workflow from being published, except when n8n starts. */
	private async start(): Promise<void> {
		await this.read().catch((error: unknown) => {
			const isStart = ['init', 'leadershipChange'].includes(this.context.getActivationMode());
			if (!isStart || this.memory === undefined) {
				throw explainedError(this.context.getNode(), error);
			}
			this.report(error);
		});
	}

	/** One poll; a new one does not begin while it runs. What goes wrong becomes a failed execution. */
	private async poll(): Promise<void> {
		if (this.isPolling) return;
		this.isPolling = true;
		await this.read()
			.catch((error: unknown) => this.report(error))
			.finally(() => (this.isPolling = false));
	}

	private async read(): Promise<void> {
		const { credential, entries } = await this.fetch();
		const account = `${baseUrlOf(credential)} ${sellerIdOf(credential)}`;
		let state = logStateOf(this.memory, account);
		if (!state) {
			const startsNow = this.context.getNodeParameter('startFrom', 'now') !== 'beginning';
			state = { account, seen: [], pending: [] };
			if (startsNow) state = withSeen(state, keysOf(entries), entries.length);
			this.memory = state;
		}
		const { again, fresh } = planOf(state, entries, this.running);

		for (const batch of again) {
			const missing = batch.keys.length - batch.entries.length;
			if (missing > 0) {
				this.context.logger.warn(
					`Events that n8n had taken from the event log of Gen before it stopped are no longer in it (${missing}). Look for their execution if n8n was killed.`,
					this.where,
				);
			}
			this.emit(batch.keys, batch.entries, credential, entries.length);
		}

		const selected = fresh.filter(({ body }) => body && this.routed(body));
		const others = fresh.filter((entry) => !selected.includes(entry));
		if (others.length > 0) this.update((known) => withSeen(known, keysOf(others), entries.length));
		if (selected.length > 0) this.emit(keysOf(selected), selected, credential, entries.length);

		const unreadable = fresh.filter(({ body }) => !body).length;
		if (unreadable > 0) {
			throw new NodeOperationError(
				this.context.getNode(),
				`Gen's event log has entries that are no events (${unreadable}). Look at them in Gen under Perfil e preferências > Notificações.`,
			);
		}
	}

	private async fetch() {
		const credential = await this.context.getCredentials<ICredentialDataDecryptedObject>('genApi');
		const answer = await callGen(this.context, { method: 'GET', path: '/api/events' });
		const entries = logEntriesOf(answer);
		if (!entries) {
			throw new NodeOperationError(
				this.context.getNode(),
				"Gen's event log is no list. Check the base URL in the Gen API credential; if it is right, report the answer of GET /api/events to this package.",
			);
		}
		return { credential, entries };
	}

	/** Hands a batch over; it stays pending until n8n says that its execution ran. */
	private emit(
		keys: string[],
		entries: LogEntry[],
		credential: ICredentialDataDecryptedObject,
		inLog: number,
	): void {
		const data = this.itemsOf(entries, credential, false);
		const done = () => this.update((state) => withSeen(state, keys, inLog));
		if (data.flat().length === 0) return done();

		const id = batchId(keys);
		this.update((state) =>
			this.storesOnce ? withPending(state, keys) : withSeen(state, keys, inLog),
		);
		this.running.add(id);
		const run = this.context.helpers.createDeferredPromise<IRun>();
		run.promise
			.then(done, (error: unknown) => this.report(error))
			.finally(() => this.running.delete(id));
		const { id: workflowId } = this.context.getWorkflow();
		const once = batchId([String(workflowId), this.context.getNode().id, id]);
		this.context.emit(data, undefined, run, `genEventLog:${once}`);
	}

	/** The newest selected event, for a look at it in the editor. */
	private async emitNewest(): Promise<void> {
		const { credential, entries } = await this.fetch();
		const newest = oldestFirst(entries, new Set()).findLast(
			({ body }) => body && this.routed(body),
		);
		if (!newest) {
			throw new NodeOperationError(
				this.context.getNode(),
				"Gen's event log has no selected event. Make a test payment in Gen, or select other events.",
			);
		}
		this.context.emit(this.itemsOf([newest], credential, true));
	}

	private itemsOf(
		entries: LogEntry[],
		credential: ICredentialDataDecryptedObject,
		isTest: boolean,
	): INodeExecutionData[][] {
		const { chosen, isPerEvent } = this.selection;
		const outputs: INodeExecutionData[][] = Array.from(
			{ length: isPerEvent ? chosen.length : 1 },
			() => [],
		);
		const redact = redactor(acceptedTokens(gen.token, credential));
		for (const { body } of entries) {
			const selected = body && this.routed(body);
			if (!selected) continue;
			const json = itemOf(gen, selected.event, body, {
				id: idOf(body),
				isTest,
				redact,
				...this.selection,
			});
			outputs[isPerEvent ? selected.route : 0]?.push({ json });
		}
		return outputs;
	}

	private routed(body: JsonObject) {
		const selected = select(gen, this.selection, { body, headers: {}, query: {} });
		return typeof selected === 'string' ? undefined : selected;
	}

	private get memory(): unknown {
		return this.context.getWorkflowStaticData('node').log;
	}

	private set memory(state: LogState) {
		this.context.getWorkflowStaticData('node').log = { ...state };
	}

	/** Changes what is remembered now: an execution may have ended since the log was read. */
	private update(change: (state: LogState) => LogState): void {
		const state = logStateSchema.safeParse(this.memory);
		if (state.success) this.memory = change(state.data);
	}

	/** Whether n8n takes a key with what it is handed: its function has a parameter for it, or has not. */
	private get storesOnce(): boolean {
		return this.context.emit.length > 3;
	}

	/** A line in the log, and a failed execution, which also starts the error workflow. */
	private report(error: unknown): void {
		const failure = explainedError(this.context.getNode(), error);
		this.context.logger.error(failure.message, this.where);
		// n8n 1 has only emitError: it takes the trigger down and brings it back with what it remembered when the workflow
		// was activated, so that events would be lost or come again. There the error is in the log alone.
		if (typeof this.context.saveFailedExecution === 'function') {
			this.context.saveFailedExecution(failure);
		}
	}

	private get where() {
		return { node: this.context.getNode().name, workflowId: this.context.getWorkflow().id };
	}
}

const keysOf = (entries: LogEntry[]) => entries.map(({ key }) => key);
