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

/** One thing to send. */
export interface Message {
	kind: string;
	sender: Sender;
	event: string;
	body: string;
	headers: Record<string, string>;
	/** What should come of it, and of each copy that is sent after it. */
	outcomes: Outcome[];
}

/** The event that each trigger is set to, and one that it is not. */
export const wantedEvent = ({ events }: Sender): string => events[0] ?? '';
const unwantedEvent = ({ events }: Sender): string => events[1] ?? '';

/** What names an event or says which one it is: another value there makes it another event. */
const NAMES = /^(event.*|type|name|.*id|data|marker)$/i;
const nested = (depth: number) => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;

let count = 0;
/** One of the list after the other. */
const turn = <T,>(list: readonly T[], index = count): T => {
	const entry = list[index % list.length];
	if (entry === undefined) throw new Error('There is nothing to choose from.');
	return entry;
};

/** The payload's JSON with that key, whose value is written as JSON too. */
function withKey(payload: JsonObject, key: string, value: string): string {
	const { [key]: _replaced, ...others } = payload;
	return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(key)}:${value}}`;
}

/** A hostile value replaces another, or comes in addition. */
function hostileBody(payload: JsonObject): string {
	const keys = Object.keys(payload).filter((key) => !NAMES.test(key));
	const key = turn([...keys, 'more'], Math.floor(count / 8));
	return withKey(payload, key, turn(HOSTILE_VALUES, Math.floor(count / 4)));
}

interface Kind {
	kind: string;
	/** How many of a hundred messages are of this kind. */
	share: number;
	outcomes?: Outcome[];
	event?: (sender: Sender) => string;
	headers?: Record<string, string>;
	/** What is sent of a payload that is nobody else's. */
	body?: (payload: JsonObject) => string;
}

const KINDS: Kind[] = [
	{ kind: 'good', share: 35 },
	{ kind: 'good, sent twice', share: 10, outcomes: ['accepted', 'duplicate'] },
	{ kind: 'unwanted', share: 20, outcomes: ['unwanted'], event: unwantedEvent },
	{ kind: 'wrong token', share: 15, outcomes: ['refused'] },
	{ kind: 'hostile value', share: 8, body: hostileBody },
	{
		kind: 'inherited key',
		share: 2,
		body: (payload) => withKey(payload, turn(INHERITED_KEYS), '{"polluted":{"polluted":true}}'),
	},
	{ kind: 'nested 100 deep', share: 1, body: (payload) => withKey(payload, 'deep', nested(50)) },
	{
		kind: 'nested 10,000 deep, wrong token',
		share: 1,
		outcomes: ['refused'],
		body: (payload) => withKey(payload, 'deep', nested(5_000)),
	},
	{
		kind: '1 MB, wrong token',
		share: 1,
		outcomes: ['refused'],
		body: (payload) => withKey(payload, 'big', `"${'x'.repeat(1_000_000)}"`),
	},
	{
		kind: 'a list',
		share: 2,
		outcomes: ['not an object'],
		body: (payload) => JSON.stringify([payload]),
	},
	{
		kind: 'broken JSON',
		share: 3,
		outcomes: ['broken JSON'],
		body: (payload) => JSON.stringify(payload).slice(0, -2),
	},
	{
		kind: '20 KB of header',
		share: 2,
		outcomes: ['headers too large'],
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
	const {
		kind,
		outcomes = ['accepted'],
		event: eventOf = wantedEvent,
		headers = {},
		body = JSON.stringify,
	} = turn(ORDER);
	// 100 kinds and the senders go together: without a shift each kind would always be of the same sender.
	const sender = turn(senders, count + Math.floor(count / ORDER.length));
	const event = eventOf(sender);
	const payload = { ...sender.freshIds(sender.sample(event)), marker: randomUUID() };
	return { kind, sender, event, body: body(payload), headers, outcomes };
}
