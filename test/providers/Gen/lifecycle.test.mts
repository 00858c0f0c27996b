import type { ITriggerFunctions } from 'n8n-workflow';
import { GenEventLogTrigger } from '../../../nodes/Gen/GenEventLogTrigger.node';
import { partly } from '../../../testkit/fakes/fakeContext.mts';
import { genAccount } from '../../../testkit/fakes/genAccount.mts';
import { COPY_TARGET, ELSEWHERE, TARGET, Trigger } from '../../../testkit/fakes/lifecycle.mts';
import type { GenMockApi, GenOptions } from '../../../testkit/mockApis/gen.mts';

// What holds for every provider stands in test/core/registration.test.mts.

let gen: GenMockApi;
let account: Awaited<ReturnType<typeof genAccount>>;
async function start(options: GenOptions = {}): Promise<void> {
	account = await genAccount(options);
	gen = account.gen;
}
afterEach(async () => await gen?.stop());

const targets = () => gen.registrations.map(({ target }) => target);
const posts = () => gen.requests.filter(({ method }) => method === 'POST').length;
const somebodyElses = () => gen.addRegistration({ events: ['PAYMENT.*'], target: ELSEWHERE });

it.each<GenOptions>([
	{ listShape: 'array' },
	{ listShape: 'other' },
	{ echoesAuthorization: false },
	{ list: 405 },
])('with an API of %j a trigger has one registration, and touches no other', async (options) => {
	await start(options);
	const other = somebodyElses();
	const trigger = new Trigger(account);
	await trigger.activate();
	const [, made] = gen.registrations;
	const registered = {
		events: ['PAYMENT.*', 'ORDER.*'],
		target: TARGET,
		authorization: trigger.token,
	};
	expect(made).toMatchObject(registered);

	trigger.name = 'Renamed';
	await trigger.activate();
	expect(gen.registrations).toEqual([other, made]);
	trigger.events = ['ORDER.*'];
	await trigger.activate();
	expect(gen.registrations).toMatchObject([other, { events: ['ORDER.*'], target: TARGET }]);
	trigger.token = 'another-token-0123456789';
	await trigger.activate();
	expect(gen.registrations).toMatchObject([other, { authorization: trigger.token }]);
	await trigger.deactivate();
	expect(gen.registrations).toEqual([other]);
	expect(trigger.logged.join()).toMatch(
		options.listShape === 'other' ? /list .* is ignored/ : /^$/,
	);
});

it.each<GenOptions>([{ remove: 404 }, { list: 404, remove: 405 }])(
	'with an API of %j a registration that cannot be removed is logged, and adopted the next time',
	async (options) => {
		await start(options);
		const trigger = new Trigger(account);
		await trigger.activate();
		const made = [...gen.registrations];
		await trigger.deactivate();
		expect(trigger.logged.join()).toContain('Gen does not let n8n remove the webhook');
		expect(trigger.logged.join()).toContain('Perfil e preferências > Notificações');
		await trigger.activate();
		expect(gen.registrations).toEqual(made);
		expect(posts()).toBe(1);
		gen.variants.remove = 'offered';
		await trigger.deactivate();
		expect(targets()).toEqual([]);
	},
);

it('remembers an adopted registration, where the list hides tokens later', async () => {
	await start();
	await new Trigger(account).activate();
	const trigger = new Trigger(account);
	await trigger.activate();
	expect(posts()).toBe(1);
	gen.variants.echoesAuthorization = false;
	await trigger.activate();
	expect(posts()).toBe(1);
});

it('where the API does not list, a copy of n8n elsewhere removes its own registration only, and names the other', async () => {
	await start({ list: 404 });
	const original = new Trigger(account);
	await original.activate();
	const copy = original.copy();
	copy.url = COPY_TARGET;
	await copy.deactivate();
	expect(targets()).toEqual([TARGET]);
	expect(copy.logged.join()).toContain(
		`of ${TARGET} stays registered in the Gen account ${gen.url} ${gen.sellerId}`,
	);
	await copy.activate();
	expect(targets()).toEqual([TARGET, COPY_TARGET]);
	await original.deactivate();
	expect(targets()).toEqual([COPY_TARGET]);
	await copy.deactivate();
	expect(targets()).toEqual([]);
});

it('never fails with the word that ends the tries of n8n', async () => {
	await start();
	gen.variants.errorBody = () => ({ message: 'Invalid Authorization' });
	gen.failWith(422);
	await expect(new Trigger(account).activate()).rejects.toThrow(/Gen answered 422: Invalid token/);
});

it('the event log trigger is not activated with no event selected either', async () => {
	const context = partly<ITriggerFunctions>({
		getNode: () => ({
			...{ id: 'node-1', name: 'Log', type: 'genEventLogTrigger', typeVersion: 1 },
			...{ position: [0, 0] as [number, number], parameters: {} },
		}),
		getNodeParameter: jest.fn().mockReturnValue([]),
	});
	await expect(new GenEventLogTrigger().trigger.call(context)).rejects.toThrow(
		/^No event is selected/,
	);
});
