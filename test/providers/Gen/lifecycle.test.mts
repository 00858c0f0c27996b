import type {
	IDataObject,
	IHookFunctions,
	ITriggerFunctions,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { GenEventLogTrigger } from '../../../nodes/Gen/GenEventLogTrigger.node';
import { GenTrigger } from '../../../nodes/Gen/GenTrigger.node';
import { partly } from '../../../testkit/fakes/fakeContext.mts';
import { httpError } from '../../../testkit/fakes/fakeExecute.mts';
import { GenMockApi, type GenOptions } from '../../../testkit/mockApis/gen.mts';
import { request } from '../../../testkit/n8n/http.mts';

let gen: GenMockApi;
const start = async (options: GenOptions = {}) => (gen = await GenMockApi.start(options));
afterEach(async () => await gen?.stop());

const methods = new GenTrigger().webhookMethods.default;

const TARGET = 'https://n8n.example.com/webhook/1/webhook';
const COPY_TARGET = 'https://copy.example.com/webhook/1/webhook';

const NODE = {
	type: 'genTrigger',
	typeVersion: 2,
	position: [0, 0] as [number, number],
	parameters: {},
};

/** A trigger, as n8n runs its lifecycle methods. What it may change is what a user may. */
class Trigger {
	events = ['*'];
	token = 'a-token-0123456789';
	url = TARGET;
	name = 'Gen Trigger';
	registration = 'automatic';
	/** How it is activated. */
	mode: WorkflowActivateMode = 'activate';
	readonly logged: string[] = [];

	constructor(private readonly staticData: Record<string, IDataObject> = {}) {}

	/** The same trigger in a copy of n8n's database. */
	copy(): Trigger {
		return new Trigger(structuredClone(this.staticData));
	}

	async activate(): Promise<void> {
		const { checkExists, create } = methods;
		if (!(await checkExists.call(this.context()))) await create.call(this.context());
	}

	async deactivate(): Promise<void> {
		await methods.delete.call(this.context());
	}

	private context(): IHookFunctions {
		const credential = {
			environment: 'custom',
			baseUrl: gen.url,
			sellerId: gen.sellerId,
			webhookToken: this.token,
		};
		const warn = (message: string) => void this.logged.push(message);
		return partly<IHookFunctions>({
			getNode: () => ({ ...NODE, id: 'node-1', name: this.name }),
			getWorkflow: () => ({ id: 'workflow-1', active: true }),
			getActivationMode: () => this.mode,
			getNodeWebhookUrl: () => this.url,
			getWorkflowStaticData: (type) =>
				(this.staticData[type === 'global' ? type : `node:${this.name}`] ??= {}),
			getNodeParameter: jest.fn().mockImplementation((name: string) => {
				const { events, registration } = this;
				return new Map<string, unknown>(Object.entries({ events, registration })).get(name) ?? '';
			}),
			getCredentials: async <T extends object>() => credential as T,
			logger: partly<IHookFunctions['logger']>({ warn }),
			helpers: partly<IHookFunctions['helpers']>({
				httpRequestWithAuthentication: async (_credential, { method = 'GET', url, body }) => {
					const answer = await request({
						url,
						method,
						headers: {
							Authorization: `Bearer ${gen.issueAccessToken()}`,
							'Content-Type': 'application/json',
						},
						body: body === undefined ? undefined : JSON.stringify(body),
					}).catch(() => {
						throw Object.assign(new Error('No answer'), { code: 'ECONNREFUSED' });
					});
					if (answer.status >= 300) throw httpError(answer.status, answer.json);
					return answer.json;
				},
			}),
		});
	}
}

const targets = () => gen.registrations.map(({ target }) => target);
const posts = () => gen.requests.filter(({ method }) => method === 'POST').length;
const somebodyElses = () =>
	gen.addRegistration({ events: ['PAYMENT.*'], target: 'https://other.example.com/hook' });

it.each<GenOptions>([
	{},
	{ listShape: 'array' },
	{ listShape: 'other' },
	{ echoesAuthorization: false },
	{ list: 404 },
	{ list: 405 },
])('with an API of %j a trigger has one registration, and touches no other', async (options) => {
	await start(options);
	const other = somebodyElses();
	const trigger = new Trigger();
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

it.each<GenOptions>([{ remove: 404 }, { remove: 405 }, { list: 404, remove: 405 }])(
	'with an API of %j a registration that cannot be removed is logged, and adopted the next time',
	async (options) => {
		await start(options);
		const trigger = new Trigger();
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

it('adopts a registration that n8n does not remember, and removes doubles of it', async () => {
	await start();
	await new Trigger().activate();
	const [made] = gen.registrations;
	gen.addRegistration({ events: ['ORDER.*'], target: TARGET, authorization: 'x' });
	const trigger = new Trigger();
	await trigger.activate();
	expect(gen.registrations).toEqual([made]);
	expect(posts()).toBe(1);
	// It is remembered: where the list hides the token, only that tells that it is current.
	gen.variants.echoesAuthorization = false;
	await trigger.activate();
	expect(posts()).toBe(1);
});

it('leaves a registration alone whose URL was changed at Gen', async () => {
	await start();
	const trigger = new Trigger();
	await trigger.activate();
	const [changed] = gen.registrations;
	Object.assign(changed ?? {}, { target: 'https://other.example.com/hook' });
	trigger.events = ['ORDER.*'];
	await trigger.activate();
	expect(targets()).toEqual(['https://other.example.com/hook', TARGET]);
	await trigger.deactivate();
	expect(gen.registrations).toEqual([changed]);
});

it.each<GenOptions>([{}, { list: 404 }])(
	'with an API of %j, a copy of n8n elsewhere removes its own registration only, and names the other',
	async (options) => {
		await start(options);
		const original = new Trigger();
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
	},
);

it('names what it registered in another account', async () => {
	await start();
	const trigger = new Trigger();
	await trigger.activate();
	const first = gen;
	await start();
	await trigger.activate();
	expect(trigger.logged.join()).toContain(`in the Gen account ${first.url} ${first.sellerId}`);
	expect(first.registrations).toHaveLength(1);
	expect(targets()).toEqual([TARGET]);
	await first.stop();
});

it('logs a replaced registration that it fails to remove, and keeps the new one', async () => {
	await start();
	const trigger = new Trigger();
	await trigger.activate();
	gen.onCreateWebhook = () => gen.failNext(1, 500);
	trigger.events = ['ORDER.*'];
	await trigger.activate();
	expect(gen.registrations.map(({ events }) => events[0])).toEqual(['PAYMENT.*', 'ORDER.*']);
	expect(trigger.logged.join()).toMatch(/still registered with Gen: Gen answered 500/);
});

describe('when n8n starts', () => {
	const faults: Array<[string, () => void | Promise<void>]> = [
		['is down', async () => await gen.pause()],
		['answers 401', () => gen.failWith(401)],
		['answers 500', () => gen.failWith(500)],
	];

	it.each(faults)(
		'and the API %s, a remembered registration counts as there',
		async (_what, fail) => {
			await start();
			const trigger = new Trigger();
			await trigger.activate();
			await fail();
			for (const mode of ['init', 'leadershipChange'] as const) {
				trigger.mode = mode;
				await trigger.activate();
			}
			expect(trigger.logged).toHaveLength(2);
			expect(trigger.logged.join()).toContain('could not be checked');
			expect(gen.registrations).toHaveLength(1);
			trigger.mode = 'activate';
			await expect(trigger.activate()).rejects.toThrow(/^Gen (cannot be reached|answered)/);
		},
	);

	it.each([...faults, ['answers 403', () => gen.failWith(403)] as const])(
		'and the API %s, a trigger without one is not activated',
		async (what, fail) => {
			await start();
			const trigger = new Trigger();
			if (what === 'answers 403') await trigger.activate();
			trigger.mode = 'init';
			await fail();
			await expect(trigger.activate()).rejects.toThrow(/^Gen (cannot be reached|answered)/);
		},
	);
});

it('refuses what could never work before it asks Gen, and never in the word that ends the tries of n8n', async () => {
	await start();
	const refused: Array<[Partial<Trigger>, RegExp]> = [
		[{ token: '' }, /has no webhook token/],
		[{ events: [] }, /^No event is selected/],
		[{ events: ['other'] }, /^No event that Gen could send is selected/],
		[{ url: 'http://localhost:5678/webhook/1/webhook' }, /Set WEBHOOK_URL/],
	];
	for (const [changes, expected] of refused) {
		await expect(Object.assign(new Trigger(), changes).activate()).rejects.toThrow(expected);
	}
	expect(gen.requests).toEqual([]);
	gen.variants.errorBody = () => ({ message: 'Invalid Authorization' });
	gen.failWith(422);
	await expect(new Trigger().activate()).rejects.toThrow(/Gen answered 422: Invalid token/);
});

it('registers nothing where a user registers the trigger', async () => {
	await start();
	const trigger = Object.assign(new Trigger(), { registration: 'manual' });
	await trigger.activate();
	await trigger.deactivate();
	expect(gen.requests).toEqual([]);
	const unselected = Object.assign(new Trigger(), { registration: 'manual', events: [] });
	await expect(unselected.activate()).rejects.toThrow(/^No event is selected/);
});

it('the event log trigger is not activated with no event selected either', async () => {
	const context = partly<ITriggerFunctions>({
		getNode: () => ({ ...NODE, id: 'node-1', name: 'Log' }),
		getNodeParameter: jest.fn().mockReturnValue([]),
	});
	await expect(new GenEventLogTrigger().trigger.call(context)).rejects.toThrow(
		/^No event is selected/,
	);
});
