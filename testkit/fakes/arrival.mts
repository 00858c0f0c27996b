import { parse } from 'qs';
import type { IDataObject } from 'n8n-workflow';
import { ALL, type Provider } from '../../nodes/core/provider';
import { receive } from '../../nodes/core/webhook';
import { fakeContext, type Situation } from './fakeContext.mts';
import { itemSchema } from '../providers/itemSchema.mts';
import {
	senders,
	type DeliveryOptions,
	type JsonObject,
	type Sender,
} from '../providers/senders.mts';

const TOKEN = 'Attack-token_0123456789.abcdef';

/** A trigger and its provider's sender. */
export interface Target {
	name: string;
	provider: Provider;
	sender: Sender;
}

/** The trigger of every provider, with manual registration where there are two kinds. */
export const distinct: Target[] = senders.map((sender) => ({
	name: sender.displayName,
	provider: sender.definition,
	sender,
}));

export function targetOf(id: string): Target {
	const found = distinct.find(({ provider }) => provider.id === id);
	if (!found) throw new Error(`There is no trigger of ${id}.`);
	return found;
}

/** A request as it comes over the wire. */
export interface Arrival {
	/** Names and values in turn. */
	rawHeaders: string[];
	/** The query string, without its question mark. */
	query: string;
	body: string | Buffer;
}

/** What a provider sends: by default its first documented sample, with the right token. A body is sent as it is. */
export function documented(
	{ sender }: Target,
	{
		payload,
		body,
		...options
	}: DeliveryOptions & { payload?: JsonObject; body?: string | Buffer } = {},
): Arrival {
	const [event = ''] = sender.events;
	const url = 'https://n8n.example.com/webhook/1/webhook';
	const delivery = sender.delivery(event, payload ?? sender.sample(event), url, TOKEN, options);
	const headers = { ...delivery.headers, ...(body !== undefined && sender.signing?.headers(body)) };
	return {
		rawHeaders: Object.entries(headers).flat(),
		query: new URL(delivery.url).search.slice(1),
		body: body ?? delivery.body,
	};
}

/** The outcome of a request. */
export interface Outcome {
	status: number;
	answer: unknown;
	/** The items that start the workflow, by output. */
	outputs: IDataObject[][];
}

let arrivals = 0;

/** Lets a request arrive at a trigger whose credential holds the token, as n8n would hand it over. */
export async function arrive(
	{ provider, sender }: Target,
	{ rawHeaders, query, body }: Arrival,
	node: Pick<Situation, 'parameters' | 'credential' | 'ip' | 'httpRequest'> = {},
): Promise<Outcome> {
	const fake = fakeContext({
		credentialType: provider.credential,
		credential: sender.credentialData(TOKEN),
		...(sender.signing && { httpRequest: async () => sender.signing?.keyList }),
		...node,
		rawHeaders,
		// Parsed as Express does for n8n: a parameter may be named like an inherited member.
		query: parse(query, { allowPrototypes: true }),
		body,
		parameters: { events: [ALL], ...node.parameters },
		// A workflow of its own, so that tests do not share duplicates.
		workflowId: `workflow-${++arrivals}`,
	});
	const { workflowData, webhookResponse } = await receive(fake.context, provider);
	const status = fake.answer.status ?? 200;
	fake.finish(status);
	return {
		status,
		answer: fake.answer.body ?? webhookResponse,
		outputs: (workflowData ?? []).map((items) => items.map(({ json }) => json)),
	};
}

/** The request was refused because of its body. */
export function expectNoJsonObject(outcome: Outcome): void {
	expect(outcome).toEqual({
		status: 400,
		answer: { error: expect.stringMatching(/^The body is not a JSON object\./) },
		outputs: [],
	});
}

/** The request was accepted and starts the workflow with one valid item, which is returned. */
export function expectDelivered(target: Target, outcome: Outcome): IDataObject {
	const { status, answer, outputs } = outcome;
	const items = outputs.flat();
	const [item = {}] = items;
	const issues = itemSchema(target.provider).safeParse(item).error?.issues ?? [];
	expect({ status, answer, items: items.length, issues }).toEqual({
		status: 200,
		answer: { received: true },
		items: 1,
		issues: [],
	});
	return item;
}

const BUILT_IN = [Object, Array, String, Number, Boolean, Function, Promise, Map, Set, Buffer];

const prototypeMembers = () =>
	BUILT_IN.flatMap(({ prototype }) =>
		Reflect.ownKeys(prototype).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]),
	);

/** Fails every test of a file that changes a built-in prototype. */
export function guardPrototypes(): void {
	const before = prototypeMembers();
	afterEach(() => expect(prototypeMembers()).toEqual(before));
}

/** Runs a function while every object of the process inherits these values. */
export async function whilePolluted<T>(
	values: Record<string, unknown>,
	run: () => Promise<T>,
): Promise<T> {
	for (const [key, value] of Object.entries(values)) {
		Object.defineProperty(Object.prototype, key, { value, configurable: true, writable: true });
	}
	try {
		return await run();
	} finally {
		for (const key of Object.keys(values)) Reflect.deleteProperty(Object.prototype, key);
	}
}
