// What is sent in a soak: what providers send, and what strangers may.
import { randomBytes, randomUUID } from 'node:crypto';
import { INHERITED_KEYS, HOSTILE_VALUES } from '../../testkit/hostile/hostile.mts';
import { senders, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';

/** What the receiver should make of a request. */
export type Outcome =
	| 'accepted'
	| 'unwanted'
	| 'duplicate'
	| 'refused'
	| 'not an object'
	| 'broken JSON'
	| 'headers too large';

/** One thing to send. Several bodies are sent one after the other. */
export interface Message {
	kind: string;
	sender: Sender;
	event: string;
	token: 'right' | 'wrong';
	headers?: Record<string, string>;
	parts: Array<{ body: string; outcome: Outcome }>;
}

/** The event that each trigger is set to, and one that it is not. */
export const wantedOf = ({ events }: Sender): string => events[0] ?? '';
const unwantedOf = ({ events }: Sender): string => events[1] ?? '';

/** What names an event or says which one it is: another value there makes it another event. */
const NAMES = /^(event.*|type|name|.*id|data|marker)$/i;
const BIG = 'x'.repeat(1_000_000);
const nested = (depth: number) => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;

let count = 0;
const turn = <T,>(list: readonly T[], by = count): T => {
	const entry = list[by % list.length];
	if (entry === undefined) throw new Error('There is nothing to choose from.');
	return entry;
};

/** A payload that is nobody else's. */
const fresh = (sender: Sender, event = wantedOf(sender)): JsonObject => ({
	...sender.freshIds(sender.sample(event)),
	marker: randomUUID(),
});

const accepted = (body: string): Message['parts'] => [{ body, outcome: 'accepted' }];
const refused = (body: string): Message['parts'] => [{ body, outcome: 'refused' }];

/** A payload in which one more value is written as that text. */
function withValue(payload: JsonObject, key: string, value: string): string {
	const { [key]: _replaced, ...others } = payload;
	return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(key)}:${value}}`;
}

/** A hostile value in place of one of the payload's. */
function hostile(sender: Sender): string {
	const payload = fresh(sender);
	const keys = Object.keys(payload).filter((key) => !NAMES.test(key));
	const value = turn(HOSTILE_VALUES, Math.floor(count / 4));
	return withValue(payload, turn([...keys, 'more'], Math.floor(count / 8)), value);
}

/** The kinds of messages, and how many of a hundred are of each. */
const KINDS: Record<
	string,
	[number, (sender: Sender) => Omit<Message, 'kind' | 'sender' | 'event'> & { event?: string }]
> = {
	good: [35, (sender) => ({ token: 'right', parts: accepted(JSON.stringify(fresh(sender))) })],
	'good, sent twice': [
		10,
		(sender) => {
			const body = JSON.stringify(fresh(sender));
			return { token: 'right', parts: [...accepted(body), { body, outcome: 'duplicate' }] };
		},
	],
	unwanted: [
		20,
		(sender) => {
			const event = unwantedOf(sender);
			const body = JSON.stringify(fresh(sender, event));
			return { token: 'right', event, parts: [{ body, outcome: 'unwanted' }] };
		},
	],
	'wrong token': [
		15,
		(sender) => ({ token: 'wrong', parts: refused(JSON.stringify(fresh(sender))) }),
	],
	'hostile value': [8, (sender) => ({ token: 'right', parts: accepted(hostile(sender)) })],
	'inherited key': [
		2,
		(sender) => ({
			token: 'right',
			parts: accepted(
				withValue(fresh(sender), turn(INHERITED_KEYS), '{"polluted":{"polluted":true}}'),
			),
		}),
	],
	'nested 100 deep': [
		1,
		(sender) => ({
			token: 'right',
			parts: accepted(withValue(fresh(sender), 'deep', nested(50))),
		}),
	],
	'nested 10,000 deep, wrong token': [
		1,
		(sender) => ({
			token: 'wrong',
			parts: refused(withValue(fresh(sender), 'deep', nested(5_000))),
		}),
	],
	'1 MB, wrong token': [
		1,
		(sender) => ({
			token: 'wrong',
			parts: refused(withValue(fresh(sender), 'big', `"${BIG}"`)),
		}),
	],
	'a list': [
		2,
		(sender) => ({
			token: 'right',
			parts: [{ body: `[${JSON.stringify(fresh(sender))}]`, outcome: 'not an object' }],
		}),
	],
	'broken JSON': [
		3,
		(sender) => ({
			token: 'right',
			parts: [{ body: JSON.stringify(fresh(sender)).slice(0, -2), outcome: 'broken JSON' }],
		}),
	],
	'20 KB of header': [
		2,
		() => ({
			token: 'right',
			headers: { 'X-More': randomBytes(10_000).toString('hex') },
			// Node closes the connection at once: a body would be on its way into nowhere.
			parts: [{ body: '', outcome: 'headers too large' }],
		}),
	],
};

/** The kinds in an order in which each is spread evenly. */
const ORDER = Object.entries(KINDS)
	.flatMap(([kind, [of100]]) =>
		Array.from({ length: of100 }, (_, index) => ({ kind, at: (index + 0.5) / of100 })),
	)
	.sort((a, b) => a.at - b.at)
	.map(({ kind }) => kind);

/** The next message: each kind in its share, from each provider in turn. */
export function nextMessage(): Message {
	count++;
	const kind = turn(ORDER);
	// 100 kinds and 4 senders go together: without a shift each kind would always be of the same sender.
	const sender = turn(senders, count + Math.floor(count / ORDER.length));
	const make = KINDS[kind]?.[1];
	if (!make) throw new Error(`There is no kind "${kind}".`);
	return { kind, sender, event: wantedOf(sender), ...make(sender) };
}
