import { WooviTrigger } from '../../nodes/Woovi/WooviTrigger.node';
import { WooviMockApi } from '../mockApis/woovi.mts';
import { sendTo, type Account } from './lifecycle.mts';

/** An account at the mock API of Woovi, which does not call new URLs: nothing listens there. */
export async function wooviAccount(): Promise<Account & { woovi: WooviMockApi }> {
	const woovi = await WooviMockApi.start();
	return {
		woovi,
		methods: new WooviTrigger().webhookMethods.default,
		credential: (webhookToken) => woovi.credential(webhookToken),
		request: async (request) =>
			await sendTo({ ...request, qs: { ...request.qs, validate: 'false' } }, woovi.appId),
		registered: () =>
			woovi.webhooks.map(({ id, event, url: target, authorization: token }) => ({
				...{ id, events: [event], target, token },
			})),
		add({ events, target, token: authorization }) {
			for (const event of events) woovi.addWebhook({ event, url: target, authorization });
		},
		move(id, target) {
			for (const one of woovi.webhooks) if (one.id === id) one.url = target;
		},
		stop: async () => await woovi.stop(),
	};
}
