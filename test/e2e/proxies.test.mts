import type { N8nApi } from '../../testkit/n8n/api.mts';
import { OwnN8n } from '../../testkit/live/ownN8n.mts';
import type { N8n } from '../../testkit/n8n/n8n.mts';
import { senders, type Sender } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectExecutions,
	liveTrigger,
	newToken,
	type LiveTrigger,
} from '../../testkit/live/harness.mts';

/** One that counts the address of the connection, and one behind a proxy, which the tests play. */
let direct: N8nApi;
let proxied: N8n;
let own: OwnN8n;

beforeAll(async () => {
	direct = await connect();
	const env = { N8N_PROXY_HOPS: '1', N8N_EXPRESSION_ENGINE: 'legacy' };
	own = await OwnN8n.start(env);
	proxied = own.n8n;
});

afterAll(async () => await own.remove());

const LISTED = '203.0.113.7';
const STRANGER = '198.51.100.1';
const LIST = `${LISTED}, 2001:db8::/32, 203.0.113.999, nonsense/0`;

const openTo = async (n8n: N8nApi, sender: Sender, ipAllowlist: string) =>
	await liveTrigger(n8n, sender, { parameters: { options: { ipAllowlist } } });

/** Delivers an event of its own through these header lines; resolves with the answer's status. */
async function statusOf(
	trigger: LiveTrigger,
	lines: Array<[string, string]>,
	token = trigger.token,
): Promise<number> {
	const { sender, url } = trigger;
	const [event = ''] = sender.events;
	const payload = sender.freshIds(sender.sample(event));
	const sent = sender.delivery(event, payload, url, token);
	const headers = [...Object.entries(sent.headers), ...lines];
	return (await deliver(trigger, event, { payload, token, headers })).status;
}

const forwardedFor = (...values: string[]) =>
	values.map((value): [string, string] => ['X-Forwarded-For', value]);

/** What the proxy may say, and whether the address that it speaks for is on the list. */
const CLAIMS: Array<[Array<[string, string]>, boolean]> = [
	[forwardedFor(LISTED), true],
	[forwardedFor(` ${LISTED} `), true],
	[forwardedFor(`::ffff:${LISTED}`), true],
	[forwardedFor('2001:DB8:0::7'), true],
	[forwardedFor(`${STRANGER}, ${LISTED}`), true],
	[forwardedFor(STRANGER, LISTED), true],
	[forwardedFor(`${'1.1.1.1,'.repeat(1_000)}${LISTED}`), true],
	// What stands before the last address was written by the sender.
	[forwardedFor(`${LISTED}, ${STRANGER}`), false],
	[forwardedFor(LISTED, STRANGER), false],
	[forwardedFor(`${`${LISTED},`.repeat(500)}${STRANGER}`), false],
	[forwardedFor(STRANGER), false],
	[forwardedFor('203.0.113.999'), false],
	[forwardedFor('nonsense'), false],
	[forwardedFor('unknown'), false],
	[forwardedFor(''), false],
	[forwardedFor(`${LISTED}:443`), false],
	[forwardedFor(`"${LISTED}"`), false],
	[forwardedFor(`for=${LISTED}`), false],
	[forwardedFor('[2001:db8::7]'), false],
	[forwardedFor(`${LISTED}/0`), false],
	[forwardedFor('0.0.0.0/0'), false],
	[forwardedFor('127.0.0.1'), false],
	[[['Forwarded', `for=${LISTED}`]], false],
	[[['X-Real-IP', LISTED]], false],
	[[['X-Client-IP', LISTED]], false],
	[[['CF-Connecting-IP', LISTED]], false],
	[[['True-Client-IP', LISTED]], false],
	[[], false],
];

const nameOf = (lines: Array<[string, string]>) => JSON.stringify(lines).slice(0, 120);

describe.each(senders)('$displayName', (sender) => {
	it('behind a proxy takes the last address that it names, and no other', async () => {
		const trigger = await openTo(proxied, sender, LIST);
		const [statuses, expected] = [new Map<string, number>(), new Map<string, number>()];
		for (const [lines, isListed] of CLAIMS) {
			statuses.set(nameOf(lines), await statusOf(trigger, lines));
			expected.set(nameOf(lines), isListed ? 200 : 403);
		}
		expect(Object.fromEntries(statuses)).toEqual(Object.fromEntries(expected));
		await expectExecutions(trigger, CLAIMS.filter(([, isListed]) => isListed).length);
	});

	it('behind a proxy asks for the token all the same', async () => {
		const trigger = await openTo(proxied, sender, LIST);
		expect(await statusOf(trigger, forwardedFor(LISTED), newToken())).toBe(401);
		await expectExecutions(trigger, 0);
	});

	it('behind a proxy is open to nobody by the address of the proxy', async () => {
		const trigger = await openTo(proxied, sender, '127.0.0.0/8, ::1');
		for (const address of [LISTED, STRANGER]) {
			expect(await statusOf(trigger, forwardedFor(address))).toBe(403);
		}
		await expectExecutions(trigger, 0);
	});

	it('without N8N_PROXY_HOPS counts the connection, whatever the headers claim', async () => {
		const trigger = await openTo(direct, sender, LIST);
		for (const [lines] of CLAIMS) {
			expect([nameOf(lines), await statusOf(trigger, lines)]).toEqual([nameOf(lines), 403]);
		}
		await expectExecutions(trigger, 0);
	});

	it('without N8N_PROXY_HOPS admits everyone that the proxy brings, where the proxy is listed', async () => {
		const trigger = await openTo(direct, sender, '127.0.0.1');
		expect(await statusOf(trigger, forwardedFor(STRANGER))).toBe(200);
		await expectExecutions(trigger, 1);
	});
});
