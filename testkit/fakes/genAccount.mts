import { GenTrigger } from '../../nodes/Gen/GenTrigger.node';
import { GenMockApi, type GenOptions } from '../mockApis/gen.mts';
import { sendTo, type Account } from './lifecycle.mts';

/** An account at the mock API of Gen. */
export async function genAccount(options: GenOptions = {}): Promise<Account & { gen: GenMockApi }> {
	const gen = await GenMockApi.start(options);
	return {
		gen,
		methods: new GenTrigger().webhookMethods.default,
		credential: (webhookToken) => gen.credential(webhookToken),
		request: async (request) => await sendTo(request, `Bearer ${gen.issueAccessToken()}`),
		registered: () =>
			gen.registrations.map(({ id, events, target, authorization: token }) => ({
				...{ id, events, target, token },
			})),
		add: ({ events, target, token }) =>
			void gen.addRegistration({ events, target, authorization: token }),
		move(id, target) {
			for (const one of gen.registrations) if (one.id === id) one.target = target;
		},
		stop: async () => await gen.stop(),
	};
}
