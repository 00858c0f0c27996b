import { eventsToRegister } from '../../../nodes/core/desiredWebhooks';
import type { CallApi } from '../../../nodes/core/webhookApi';
import { getAccount } from '../../../nodes/AbacatePay/abacatePayApi';
import { abacatePayWebhooks } from '../../../nodes/AbacatePay/registration';
import { sendTo } from '../../../testkit/fakes/lifecycle.mts';
import { AbacatePayMockApi } from '../../../testkit/mockApis/abacatePay.mts';
import type { JsonValue } from '../../../testkit/providers/senders.mts';
import { sender } from '../../../testkit/providers/AbacatePay/sender.mts';

const [registrable, panel] = [sender.events.slice(0, 16), sender.events.slice(16)];

it.each<[string[], string, string[]]>([
	[['*'], '', registrable],
	[['*', ...panel], '', registrable],
	[panel, '', []],
	[['other'], '', []],
	[['payout.failed', 'other', ...panel], 'payout.failed', ['payout.failed']],
	[[], 'transfer.*, coupon.created', ['transfer.completed', 'transfer.failed', 'coupon.created']],
	[[], 'subscription.*', registrable.filter((event) => event.startsWith('subscription.'))],
	[[], 'coupon.*', []],
])('of %j and "%s" the API gets %j', (events, customEvents, registered) => {
	expect(eventsToRegister(abacatePayWebhooks, events, customEvents)).toEqual(registered);
});

describe('the API', () => {
	let abacatePay: AbacatePayMockApi;
	beforeEach(async () => (abacatePay = await AbacatePayMockApi.start()));
	afterEach(async () => await abacatePay.stop());

	const call: CallApi = async ({ path, query, ...request }) => {
		const options = { ...request, url: `${abacatePay.baseUrl}${path}`, qs: query };
		return (await sendTo(options, `Bearer ${abacatePay.apiKey}`)) as JsonValue;
	};

	it('lists all pages, and no more than a hundred', async () => {
		const endpoint = 'https://n8n.example.com/webhook/1/webhook';
		const events = ['checkout.completed'];
		for (let count = 0; count < 201; count++) {
			abacatePay.addWebhook({ name: String(count), endpoint, secret: 'secret', events });
		}
		const listed = await abacatePayWebhooks.list(call);
		expect(listed?.map(({ id }) => id)).toEqual(abacatePay.webhooks.map(({ id }) => id));
		expect(listed?.[0]).toMatchObject({ target: endpoint, events });

		const [page] = abacatePay.requests;
		const sameAgain = jest.fn(
			async () => await call({ method: 'GET', path: '/webhooks/list', query: { limit: 1 } }),
		);
		expect(await abacatePayWebhooks.list(sameAgain)).toBeUndefined();
		expect([page?.query, sameAgain.mock.calls.length]).toEqual([{ limit: '100' }, 100]);
	});

	it.each<[JsonValue]>([
		[{ data: 'none', success: true, error: null }],
		[{ data: [{ id: 7 }], success: true, error: null }],
	])('answers a list that cannot be understood: %j', async (answer) => {
		expect(await abacatePayWebhooks.list(async () => answer)).toBeUndefined();
	});
});

it('an account is told by its API key, which is not in it', () => {
	const account = (apiKey: string) => getAccount({ apiKey, baseUrl: '' });
	expect(account('abc_dev_1')).toMatch(
		/^https:\/\/api\.abacatepay\.com\/v2 \(API key [0-9a-f]{8}\)$/,
	);
	expect(account('abc_dev_1')).not.toBe(account('abc_prod_1'));
});
