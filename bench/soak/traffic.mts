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
	headers?: Record<string, string>;
	parts: Array<{ body: string; outcome: Outcome }>;
}

/** The event that each trigger is set to, and one that it is not. */
export const wantedEvent = ({ events }: Sender): string => events[0] ?? '';
const unwantedEvent = ({ events }: Sender): string => events[1] ?? '';

/** What names an event or says which one it is: another value there makes it another event. */
const NAMES = /^(event.*|type|name|.*id|data|marker)$/i;
const BIG = `"${'x'.repeat(1_000_000)}"`;
const nested = (depth: number) => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;

let count = 0;
/** One of the list after the other. */
const turn = <T,>(list: readonly T[], index = count): T => {
	const entry = list[index % list.length];
	if (entry === undefined) throw new Error('There is nothing to choose from.');
	return entry;
};

/** A payload that is nobody else's. */
const fresh = (sender: Sender, event = wantedEvent(sender)): JsonObject => ({
	...sender.freshIds(sender.sample(event)),
	marker: randomUUID(),
});
const freshBody = (sender: Sender) => JSON.stringify(fresh(sender));

/** The body of a fresh payload in which the key has that value, written as JSON. */
function bodyWith(sender: Sender, key: string, value: string, payload = fresh(sender)): string {
	const { [key]: _replaced, ...others } = payload;
	return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(key)}:${value}}`;
}

/** A fresh payload in which a hostile value replaces another. */
function hostileBody(sender: Sender): string {
	const payload = fresh(sender);
	const keys = Object.keys(payload).filter((key) => !NAMES.test(key));
	const key = turn([...keys, 'more'], Math.floor(count / 8));
	return bodyWith(sender, key, turn(HOSTILE_VALUES, Math.floor(count / 4)), payload);
}

interface Kind {
	kind: string;
	/** How many of a hundred messages are of this kind. */
	share: number;
	outcome: Outcome;
	body(sender: Sender): string;
	event?(sender: Sender): string;
	headers?: Record<string, string>;
	isSentTwice?: boolean;
}

const KINDS: Kind[] = [
	{ kind: 'good', share: 35, outcome: 'accepted', body: freshBody },
	{ kind: 'good, sent twice', share: 10, outcome: 'accepted', body: freshBody, isSentTwice: true },
	{
		kind: 'unwanted',
		share: 20,
		outcome: 'unwanted',
		event: unwantedEvent,
		body: (sender) => JSON.stringify(fresh(sender, unwantedEvent(sender))),
	},
	{ kind: 'wrong token', share: 15, outcome: 'refused', body: freshBody },
	{ kind: 'hostile value', share: 8, outcome: 'accepted', body: hostileBody },
	{
		kind: 'inherited key',
		share: 2,
		outcome: 'accepted',
		body: (sender) => bodyWith(sender, turn(INHERITED_KEYS), '{"polluted":{"polluted":true}}'),
	},
	{
		kind: 'nested 100 deep',
		share: 1,
		outcome: 'accepted',
		body: (sender) => bodyWith(sender, 'deep', nested(50)),
	},
	{
		kind: 'nested 10,000 deep, wrong token',
		share: 1,
		outcome: 'refused',
		body: (sender) => bodyWith(sender, 'deep', nested(5_000)),
	},
	{
		kind: '1 MB, wrong token',
		share: 1,
		outcome: 'refused',
		body: (sender) => bodyWith(sender, 'big', BIG),
	},
	{
		kind: 'a list',
		share: 2,
		outcome: 'not an object',
		body: (sender) => `[${freshBody(sender)}]`,
	},
	{
		kind: 'broken JSON',
		share: 3,
		outcome: 'broken JSON',
		body: (sender) => freshBody(sender).slice(0, -2),
	},
	{
		kind: '20 KB of header',
		share: 2,
		outcome: 'headers too large',
		headers: { 'X-More': randomBytes(10_000).toString('hex') },
		// Node closes the connection at once: a body would be on its way into nowhere.
		body: () => '',
	},
];

/** The kinds in an order in which each is spread evenly. */
const ORDER = KINDS.flatMap((kind) =>
	Array.from({ length: kind.share }, (_, index) => ({ kind, at: (index + 0.5) / kind.share })),
)
	.sort((a, b) => a.at - b.at)
	.map(({ kind }) => kind);

/** The next message: each kind in its share, from each provider in turn. */
export function nextMessage(): Message {
	count++;
	const { kind, outcome, body, event = wantedEvent, headers, isSentTwice } = turn(ORDER);
	// 100 kinds and 4 senders go together: without a shift each kind would always be of the same sender.
	const sender = turn(senders, count + Math.floor(count / ORDER.length));
	const first = { body: body(sender), outcome };
	const second = { ...first, outcome: 'duplicate' as const };
	const parts = isSentTwice ? [first, second] : [first];
	return { kind, sender, event: event(sender), headers, parts };
}
