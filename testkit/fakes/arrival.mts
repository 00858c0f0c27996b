import { parse } from 'qs';
import type { IDataObject } from 'n8n-workflow';
import { gen } from '../../nodes/Gen/gen';
import { ALL, type Provider } from '../../nodes/core/provider';
import { receive } from '../../nodes/core/webhook';
import { fakeContext, type Situation } from './fakeContext.mts';
import { itemSchema } from '../providers/itemSchema.mts';
import {
	senderOf,
	senders,
	type DeliveryOptions,
	type JsonObject,
	type Sender,
} from '../providers/senders.mts';

export const TOKEN = 'Attack-token_0123456789.abcdef';

/** A trigger, and who plays its provider. */
export interface Target {
	name: string;
	provider: Provider;
	sender: Sender;
}

/** Every trigger; Gen's twice, for its two registrations have credentials of their own. */
export const targets: Target[] = [
	...senders.map((sender) => ({
		name: sender.displayName,
		provider: sender.definition,
		sender,
	})),
	{
		name: 'Gen, registered through its API',
		provider: gen,
		sender: {
			...senderOf('gen'),
			credentialType: gen.credential,
			credentialData: (token) => ({ webhookToken: token, refreshToken: 'another-secret-of-gen' }),
		},
	},
];

/** Every provider once: Gen's two registrations differ in their credentials, not in what they make of a payload. */
export const distinct = targets.filter(({ provider }) => provider !== gen);

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

/** What a provider sends: its first documented sample unless another payload is given, with the right token. */
export function documented(
	{ sender }: Target,
	{ payload, ...options }: DeliveryOptions & { payload?: JsonObject } = {},
): Arrival {
	const [event = ''] = sender.events;
	const url = 'https://n8n.example.com/webhook/1/webhook';
	const delivery = sender.delivery(event, payload ?? sender.sample(event), url, TOKEN, options);
	return {
		rawHeaders: Object.entries(delivery.headers).flat(),
		query: new URL(delivery.url).search.slice(1),
		body: delivery.body,
	};
}

/** The name under which a provider's token travels. */
export function tokenName({ provider: { token } }: Target): string {
	return typeof token.name === 'string' ? token.name : token.name.default;
}

/** What the provider sends, without any token. */
export function withoutToken(target: Target): Arrival {
	const { rawHeaders, query, body } = documented(target);
	const name = tokenName(target).toLowerCase();
	const parameters = new URLSearchParams(query);
	parameters.delete(name);
	return {
		rawHeaders: rawHeaders.filter(
			(_, index, all) => all[index - (index % 2)]?.toLowerCase() !== name,
		),
		query: parameters.toString(),
		body,
	};
}

/** What the provider sends, with these texts in the places of its token. */
export function withTokens(target: Target, ...texts: string[]): Arrival {
	const { in: place, bearer } = target.provider.token;
	return place === 'query'
		? withQuery(target, texts.map((text) => `${tokenName(target)}=${escaped(text)}`).join('&'))
		: withHeaders(
				target,
				...texts.map((text) => `${bearer === 'required' ? 'Bearer ' : ''}${text}`),
			);
}

/** Every byte escaped, also those that nobody has to. */
const escaped = (text: string) =>
	[...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** What the provider sends, with these values in the header where its token is expected, and nothing else of it. */
export function withHeaders(target: Target, ...values: string[]): Arrival {
	const bare = withoutToken(target);
	const name = tokenName(target);
	return { ...bare, rawHeaders: [...bare.rawHeaders, ...values.flatMap((value) => [name, value])] };
}

/** What the provider sends, with more in its query string, and nothing else of the token. */
export function withQuery(target: Target, query: string): Arrival {
	const bare = withoutToken(target);
	return { ...bare, query: [bare.query, query].filter(Boolean).join('&') };
}

/** Of some headers Node keeps the first, of the others it joins the values. */
const KEPT_FIRST = new Set(['authorization', 'content-type', 'user-agent']);

function headersOf(rawHeaders: readonly string[]): Record<string, string> {
	const headers = new Map<string, string>();
	for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
		const [name = '', value = ''] = [rawHeaders[index]?.toLowerCase(), rawHeaders[index + 1]];
		const before = headers.get(name);
		if (before === undefined) headers.set(name, value);
		else if (!KEPT_FIRST.has(name)) headers.set(name, `${before}, ${value}`);
	}
	return Object.fromEntries(headers);
}

/** What came of a request. */
export interface Outcome {
	status: number;
	answer: unknown;
	/** The items that start the workflow, by output. */
	outputs: IDataObject[][];
	/** What the trigger asked for, in order. */
	asked: string[];
	/** How long the processor was busy with it. */
	ms: number;
}

let arrivals = 0;

/** Lets a request arrive at a trigger whose credential holds the token, as n8n would hand it over. */
export async function arrive(
	{ provider, sender }: Target,
	{ rawHeaders, query, body }: Arrival,
	node: Pick<Situation, 'parameters' | 'credential' | 'ip'> = {},
): Promise<Outcome> {
	const headers = headersOf(rawHeaders);
	const fake = fakeContext({
		credential: sender.credentialData(TOKEN),
		...node,
		headers,
		rawHeaders,
		// As Express does for n8n: it lets a parameter be named like what every object has.
		query: parse(query, { allowPrototypes: true }),
		parameters: { events: [ALL], ...node.parameters },
		// Each in a workflow of its own, so that no test meets the deliveries of another.
		workflowId: `workflow-${++arrivals}`,
	});
	if (node.credential !== 'none') {
		fake.context.getNode().credentials = { [provider.credential]: { id: '1', name: 'Attacked' } };
	}
	const rawBody = Buffer.from(body);
	const request = fake.context.getRequestObject();
	Object.defineProperty(request, 'rawBody', {
		get() {
			fake.asked.push('body');
			return rawBody;
		},
	});
	fake.context.getRequestObject = () => request;

	const start = process.cpuUsage();
	const { workflowData, webhookResponse } = await receive(fake.context, provider);
	const { user, system } = process.cpuUsage(start);
	const status = fake.answer.status ?? 200;
	fake.finish(status);
	return {
		status,
		answer: fake.answer.body ?? webhookResponse,
		outputs: (workflowData ?? []).map((items) => items.map(({ json }) => json)),
		asked: fake.asked,
		ms: (user + system) / 1_000,
	};
}

/** Whatever arrives, the trigger is done with it soon: a guard against hanging, not a measurement. */
const SOON_MS = 5_000;

/** The request was refused before anything of its body was looked at, and starts nothing. */
export function expectRefused({ ms, ...outcome }: Outcome, status: 401 | 403): void {
	const error =
		status === 401 ? /^The token is missing or wrong\./ : /^This IP address is not on the list\./;
	expect({ ...outcome, isSoon: ms < SOON_MS }).toEqual({
		status,
		answer: { error: expect.stringMatching(error) },
		outputs: [],
		asked: expect.not.arrayContaining(['body']),
		isSoon: true,
	});
}

/** The request was no delivery, and starts nothing. */
export function expectNoJsonObject({ ms, asked: _, ...outcome }: Outcome): void {
	expect({ ...outcome, isSoon: ms < SOON_MS }).toEqual({
		status: 400,
		answer: { error: expect.stringMatching(/^The body is not a JSON object\./) },
		outputs: [],
		isSoon: true,
	});
}

/** The request was accepted, and starts the workflow with the one item that is returned: it is as it should be. */
export function expectDelivered(target: Target, outcome: Outcome): IDataObject {
	const { status, answer, outputs, ms } = outcome;
	const items = outputs.flat();
	const [item = {}] = items;
	const issues = itemSchema(target.provider).safeParse(item).error?.issues ?? [];
	expect({ status, answer, items: items.length, issues, isSoon: ms < SOON_MS }).toEqual({
		status: 200,
		answer: { received: true },
		items: 1,
		issues: [],
		isSoon: true,
	});
	return item;
}

const PROTOTYPES = [
	Object,
	Array,
	String,
	Number,
	Boolean,
	Function,
	Promise,
	Map,
	Set,
	Buffer,
].map(({ name, prototype }) => ({ name, prototype }));

/** What is on the prototypes of the process, by name. */
function prototypeParts(): Map<string, PropertyDescriptor> {
	return new Map(
		PROTOTYPES.flatMap(({ name, prototype }) =>
			Reflect.ownKeys(prototype).map((key): [string, PropertyDescriptor] => [
				`${name}.${String(key)}`,
				Object.getOwnPropertyDescriptor(prototype, key) ?? {},
			]),
		),
	);
}

/** Fails every test of a file after which the prototypes of the process are not what they were. */
export function guardPrototypes(): void {
	const before = prototypeParts();
	afterEach(() => {
		const after = prototypeParts();
		const changed = [...new Set([...before.keys(), ...after.keys()])].filter((name) => {
			const [was, is] = [before.get(name), after.get(name)];
			return was?.value !== is?.value || was?.get !== is?.get || was?.set !== is?.set;
		});
		expect(changed).toEqual([]);
	});
}

/** Runs something while every object of the process inherits these values, as another package may have made it. */
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
