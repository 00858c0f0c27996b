import type { N8nApi } from '../../testkit/n8n/api.mts';
import { readFixture } from '../../testkit/providers/samples.mts';
import { senderOf, type JsonObject, type Sender } from '../../testkit/providers/senders.mts';
import {
	connect,
	deliver,
	expectAnswer,
	expectExecutions,
	ignored,
	liveTrigger,
	RECEIVED,
} from '../../testkit/live/harness.mts';

let n8n: N8nApi;
beforeAll(async () => (n8n = await connect()));

/** Sends one payload per value; those that are wanted start the workflow, the others do not. */
async function expectFiltered(
	sender: Sender,
	filters: JsonObject,
	deliveries: Array<{ event: string; payload: JsonObject; passes: boolean }>,
): Promise<void> {
	const trigger = await liveTrigger(n8n, sender, { parameters: { filters } });
	for (const { event, payload, passes } of deliveries) {
		const answer = await deliver(trigger, event, { payload });
		expectAnswer(answer, 200, passes ? RECEIVED : ignored('filter'));
	}
	await expectExecutions(trigger, deliveries.filter(({ passes }) => passes).length);
}

describe('GoatCom', () => {
	const sender = senderOf('goatCom');
	const statuses = readFixture<string[]>('GoatCom', 'statuses');
	const withStatus = (status: string) =>
		sender.freshIds({ ...sender.sample('ORDER_UPDATE'), status });

	it.each(statuses)(
		'status %s passes when chosen, and is held back when the others are',
		async (status) => {
			const others = statuses.filter((other) => other !== status);
			const delivery = { event: 'ORDER_UPDATE', payload: withStatus(status) };
			await expectFiltered(sender, { status: [status] }, [
				{ ...delivery, passes: true },
				...others.map((other) => ({
					event: 'ORDER_UPDATE',
					payload: withStatus(other),
					passes: false,
				})),
			]);
			await expectFiltered(sender, { status: others }, [{ ...delivery, passes: false }]);
		},
	);

	it('typed statuses count beside the chosen ones, and a cart without a status always passes', async () => {
		await expectFiltered(sender, { status: ['PAID'], otherStatuses: ' ON_HOLD , LOST' }, [
			{ event: 'ORDER_UPDATE', payload: withStatus('ON_HOLD'), passes: true },
			{ event: 'ORDER_UPDATE', payload: withStatus('PAID'), passes: true },
			{ event: 'ORDER_UPDATE', payload: withStatus('PENDING'), passes: false },
			{ event: 'CART_ABANDONED', payload: sender.sample('CART_ABANDONED'), passes: true },
		]);
	});

	it('the payment method is compared without case, and an order without one passes', async () => {
		const paidBy = (payment_method: string | null) =>
			sender.freshIds({ ...sender.sample('ORDER_UPDATE'), payment_method });
		await expectFiltered(sender, { paymentMethod: 'PIX' }, [
			{ event: 'ORDER_UPDATE', payload: paidBy('pix'), passes: true },
			{ event: 'ORDER_UPDATE', payload: paidBy('boleto'), passes: false },
			{ event: 'ORDER_UPDATE', payload: paidBy(null), passes: true },
		]);
	});
});

describe('Troque & Devolva', () => {
	const sender = senderOf('troqueDevolva');
	const statuses = ['0', '11', '12', '13', '34', '5'];
	const withStatus = (status: string) => {
		const payload = sender.freshIds(sender.sample('request.created'));
		const { process: processPart } = payload;
		return { ...payload, process: { ...(processPart as JsonObject), status: Number(status) } };
	};

	it.each(statuses)(
		'status %s passes when chosen, and is held back when the others are',
		async (status) => {
			const event = 'request.created';
			await expectFiltered(
				sender,
				{ status: [status] },
				statuses.map((sent) => ({ event, payload: withStatus(sent), passes: sent === status })),
			);
		},
	);

	it('a typed status passes, and any item may have the wanted type', async () => {
		const event = 'request.created';
		await expectFiltered(sender, { otherStatuses: '99' }, [
			{ event, payload: withStatus('99'), passes: true },
			{ event, payload: withStatus('5'), passes: false },
		]);
		const ofTypes = (...types: string[]) => ({
			...sender.freshIds(sender.sample(event)),
			request: { items: types.map((type) => ({ type })) },
		});
		await expectFiltered(sender, { requestType: 'exchange' }, [
			{ event, payload: ofTypes('refund', 'exchange'), passes: true },
			{ event, payload: ofTypes('refund'), passes: false },
			{ event, payload: ofTypes(), passes: true },
		]);
	});
});

describe('Gen', () => {
	const sender = senderOf('gen');
	const event = 'PAYMENT.CREATED';
	const withData = (data: JsonObject) => ({
		event,
		data: { ...(sender.freshIds(sender.sample(event)).data as JsonObject), ...data },
	});

	it('status and method must both match, and a payload without them passes', async () => {
		await expectFiltered(
			sender,
			{ status: ['PAID'], otherStatuses: 'FROZEN', method: ['PIX'], otherMethods: 'CREDIT_CARD' },
			[
				{ event, payload: withData({ status: 'PAID', method: 'PIX' }), passes: true },
				{ event, payload: withData({ status: 'FROZEN', method: 'CREDIT_CARD' }), passes: true },
				{ event, payload: withData({ status: 'PENDING', method: 'PIX' }), passes: false },
				{ event, payload: withData({ status: 'PAID', method: 'BANK_SLIP' }), passes: false },
				{ event, payload: { event, data: { id: 'p1' } }, passes: true },
			],
		);
	});
});
