import {
	NodeOperationError,
	toCronExpression,
	type ICredentialDataDecryptedObject,
	type INodeExecutionData,
	type ITriggerFunctions,
	type ITriggerResponse,
	type TriggerTime,
} from 'n8n-workflow';
import { toActivationError } from '../core/api';
import { deliveryId } from '../core/duplicate';
import { logStateOf, oldestFirst, unseen, withSeen, type LogEntry } from '../core/eventLog';
import { itemOf } from '../core/item';
import { NodeMemory } from '../core/nodeMemory';
import { isJsonObject, type Json, type JsonObject } from '../core/json';
import { redactor } from '../core/redact';
import { select } from '../core/selection';
import { readSettings, type Selection } from '../core/settings';
import { acceptedTokens } from '../core/token';
import { eventId, gen, timeOf } from './gen';
import { baseUrlOf, callGen, listOf, sellerIdOf } from './genApi';

/** The delivery id of a log's entry: the webhook's of the same event, where both show the same. */
export function idOf(body: JsonObject): string {
	const { name } = gen.eventOf({ body, headers: {}, query: {} });
	return deliveryId(gen, body, name, jsonBytes(body));
}

/** A log shows no bytes of an entry. JSON.stringify throws on what is nested thousands of levels deep. */
function jsonBytes(body: JsonObject): Buffer {
	try {
		return Buffer.from(JSON.stringify(body));
	} catch {
		return Buffer.alloc(0);
	}
}

/**
 * The entries of the event log as `GET /api/events` answers it ("Conferindo os eventos ocorridos"; no document
 * shows its JSON). `undefined` where the answer holds no list.
 *
 * Two entries with the same content are two events, unless they carry the same id of their own.
 */
export function logEntriesOf(answer: Json): LogEntry[] | undefined {
	const copies = new Map<string, number>();
	return listOf(answer)?.flatMap((entry): LogEntry[] => {
		const body = isJsonObject(entry) ? entry : undefined;
		const id = idOf(body ?? { entry });
		const copy = (copies.get(id) ?? 0) + 1;
		copies.set(id, copy);
		if (copy > 1 && body && eventId(body) !== undefined) return [];
		return [{ key: copy > 1 ? `${id}#${copy}` : id, id, time: body && timeOf(body), body }];
	});
}

/**
 * What closed triggers had seen, by workflow and node. When a workflow is published again, n8n reads its static data before
 * it closes the trigger: what the trigger emits meanwhile is missing in the data that its successor gets.
 */
const leftBehind = new Map<string, unknown>();

/**
 * Follows the event log: what is new in it starts the workflow, once, in order.
 *
 * n8n saves a trigger's static data when the workflow is published, and whenever the trigger emits: it begins to save
 * before it begins to store the execution. So what a poll brings is remembered as seen before it is emitted, and never
 * emitted again. Where n8n is killed between the two writes, that batch is lost.
 */
export class EventLog {
	private readonly selection: Selection;
	private readonly memory: NodeMemory;
	private isPolling = false;
	private isClosed = false;

	constructor(private readonly context: ITriggerFunctions) {
		this.selection = readSettings(context, gen).readSelection();
		this.memory = new NodeMemory(context, 'log');
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
		return { closeFunction: async () => this.close() };
	}

	private close(): void {
		this.isClosed = true;
		leftBehind.set(this.place, this.memory.get());
	}

	/** The first poll. What keeps it from working keeps the workflow from being published, except when n8n starts. */
	private async start(): Promise<void> {
		await this.read().catch((error: unknown) => {
			const isStart = ['init', 'leadershipChange'].includes(this.context.getActivationMode());
			if (!isStart || this.memory.get() === undefined) {
				throw toActivationError(this.context.getNode(), error);
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
		// Its successor, which n8n starts when the workflow is published again, reads the same entries.
		if (this.isClosed) return;
		const account = `${baseUrlOf(credential)} ${sellerIdOf(credential)}`;
		const known = logStateOf(this.memory.get(), account);
		const left = logStateOf(leftBehind.get(this.place), account);
		const state = { account, seen: [...(known?.seen ?? []), ...(left?.seen ?? [])] };
		const startsNow = this.context.getNodeParameter('startFrom', 'now') !== 'beginning';
		const fresh = !known && startsNow ? [] : unseen(state, entries);
		const items = this.itemsOf(fresh, credential, false);
		this.memory.set(withSeen(state, entries));
		leftBehind.delete(this.place);
		if (items.flat().length > 0) this.context.emit(items);

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
		for (const { id, body } of entries) {
			const selected = body && this.routed(body);
			if (!selected) continue;
			const json = itemOf(gen, selected.event, body, {
				id,
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
		return selected.kind === 'selected' ? selected : undefined;
	}

	/** A line in the log, and a failed execution, which also starts the error workflow. */
	private report(error: unknown): void {
		const failure = toActivationError(this.context.getNode(), error);
		this.context.logger.error(failure.message, this.where);
		// n8n 1 has only emitError: it takes the trigger down and brings it back with what it remembered when the workflow
		// was activated, so that events would be lost or come again. There the error is in the log alone.
		if (typeof this.context.saveFailedExecution === 'function') {
			this.context.saveFailedExecution(failure);
		}
	}

	private get place(): string {
		return `${this.context.getWorkflow().id} ${this.context.getNode().id}`;
	}

	private get where() {
		return { node: this.context.getNode().name, workflowId: this.context.getWorkflow().id };
	}
}
