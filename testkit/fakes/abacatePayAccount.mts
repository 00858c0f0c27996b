import { AbacatePayTrigger } from '../../nodes/AbacatePay/AbacatePayTrigger.node';
import { AbacatePayMockApi } from '../mockApis/abacatePay.mts';
import { sendTo, type Account } from './lifecycle.mts';

/** An account at the mock API of AbacatePay. */
export async function abacatePayAccount(): Promise<Account & { abacatePay: AbacatePayMockApi }> {
	const abacatePay = await AbacatePayMockApi.start();
	const { webhooks } = abacatePay;
	return {
		abacatePay,
		methods: new AbacatePayTrigger().webhookMethods.default,
		credential: (webhookToken) => abacatePay.credential(webhookToken),
		request: async (request) => await sendTo(request, `Bearer ${abacatePay.apiKey}`),
		registered: () =>
			webhooks.map(({ id, events, endpoint: target, secret: token }) => ({
				...{ id, events, target, token },
			})),
		add: ({ events, target: endpoint, token: secret }) =>
			void abacatePay.addWebhook({ name: 'other', events, endpoint, secret }),
		move(id, endpoint) {
			for (const one of webhooks) if (one.id === id) one.endpoint = endpoint;
		},
		stop: async () => await abacatePay.stop(),
	};
}
