import type { IHttpRequestOptions } from 'n8n-workflow';
import { abacatePayWebhooks } from '../../nodes/AbacatePay/registration';
import { eventsToRegister } from '../../nodes/core/desiredWebhooks';
import { genWebhooks } from '../../nodes/Gen/registration';
import { wooviWebhooks } from '../../nodes/Woovi/registration';
import { abacatePayAccount } from '../../testkit/fakes/abacatePayAccount.mts';
import { httpError } from '../../testkit/fakes/fakeExecute.mts';
import { genAccount } from '../../testkit/fakes/genAccount.mts';
import {
	COPY_TARGET,
	ELSEWHERE,
	TARGET,
	Trigger,
	unreachable,
	type Account,
} from '../../testkit/fakes/lifecycle.mts';
import { wooviAccount } from '../../testkit/fakes/wooviAccount.mts';

/** The APIs; `one` is an event that can be selected alone, one of All Events where each has a webhook of its own. */
const kinds = [
	{ api: genWebhooks, start: genAccount, one: 'ORDER.*', showsTokens: true },
	{ api: abacatePayWebhooks, start: abacatePayAccount, one: 'payout.failed', showsTokens: false },
	{ api: wooviWebhooks, start: wooviAccount, one: 'OPENPIX:DISPUTE_CREATED', showsTokens: true },
];

let account: Account;
afterEach(async () => await account.stop());

const isCreation = ({ method, url }: IHttpRequestOptions) =>
	method === 'POST' && !url.endsWith('/delete');
const isRemoval = (options: IHttpRequestOptions) =>
	options.method !== 'GET' && !isCreation(options);
const idsIn = (webhooks: ReturnType<Account['registered']>) => webhooks.map(({ id }) => id);

/** A trigger of the account, activated. */
async function activated(changes: Partial<Trigger> = {}): Promise<Trigger> {
	const trigger = Object.assign(new Trigger(account), changes);
	await trigger.activate();
	return trigger;
}

/** The webhooks that were created while a trigger did something. */
function creationsIn(trigger: Trigger): number {
	const [first = [], ...later] = trigger.timeline;
	const before = new Set(idsIn(first));
	return new Set(later.flatMap(idsIn).filter((id) => !before.has(id))).size;
}

describe.each(kinds)('$api.api.displayName', ({ api, start, one, showsTokens }) => {
	const { webhookPer } = api;
	const provider = api.api.displayName;
	const all = [...api.allEvents];
	/** As many as an account can hold twice. */
	const two = [all[0] ?? '', one];
	beforeEach(async () => (account = await start()));

	const partsOf = (events: string[]) =>
		webhookPer === 'event' ? events.map((event) => [event]) : [events];
	const at = (target: string) =>
		account.registered().filter((webhook) => webhook.target === target);
	const expectOwn = (events: string[], { token, url }: Trigger) =>
		expect(
			at(url)
				.map((webhook) => `${webhook.events?.join()} ${webhook.token}`)
				.sort(),
		).toEqual(
			partsOf(events)
				.map((part) => `${part.join()} ${token}`)
				.sort(),
		);
	const addOther = () => {
		account.add({ events: [one], target: ELSEWHERE, token: 'somebody-elses-token-0123456789-01' });
		return account.registered();
	};

	it('registers what is selected, replaces what changed, and touches no other webhook', async () => {
		const others = addOther();
		const trigger = await activated();
		expectOwn(all, trigger);

		const made = account.registered();
		trigger.name = 'Renamed';
		await trigger.activate();
		expect(account.registered()).toEqual(made);
		trigger.events = [one];
		await trigger.activate();
		expectOwn([one], trigger);
		trigger.token = 'another-token-0123456789-0123456789';
		await trigger.activate();
		expectOwn([one], trigger);
		await trigger.deactivate();
		expect(account.registered()).toEqual(others);
		expect(trigger.logged).toEqual([]);
	});

	it('creates the new webhook before it removes the old one', async () => {
		const trigger = await activated();
		const kept = at(TARGET).filter(({ events }) => events?.join() === one);
		trigger.events = [one];
		trigger.timeline.length = 0;
		await trigger.activate();
		for (const registered of trigger.timeline) {
			expect(registered.some(({ events }) => events?.includes(one))).toBe(true);
			for (const webhook of kept) expect(registered).toContainEqual(webhook);
		}
		expect(creationsIn(trigger)).toBe(webhookPer === 'event' ? 0 : 1);
	});

	it('adopts webhooks that n8n does not remember, if it sees their tokens, and removes others of its URL', async () => {
		await activated();
		const made = account.registered();
		account.add({ events: ['X'], target: TARGET, token: 'x' });
		const trigger = await activated();
		expectOwn(all, trigger);
		expect(creationsIn(trigger)).toBe(showsTokens ? 0 : partsOf(all).length);
		if (showsTokens) expect(account.registered()).toEqual(made);
	});

	it('leaves a webhook alone whose URL was changed at the provider', async () => {
		const trigger = await activated();
		const [changed] = account.registered();
		account.move(changed?.id ?? '', ELSEWHERE);
		trigger.events = [one];
		await trigger.activate();
		expectOwn([one], trigger);
		await trigger.deactivate();
		expect(account.registered()).toEqual([{ ...changed, target: ELSEWHERE }]);
	});

	it('in a copy of n8n elsewhere removes its own webhooks only, and names the others', async () => {
		const original = await activated({ events: two });
		const copy = original.copy();
		Object.assign(copy, { events: two, url: COPY_TARGET });
		await copy.deactivate();
		expectOwn(two, original);
		expect(copy.logged.join()).toContain(
			`of ${TARGET} stays registered in the ${provider} account`,
		);
		await copy.activate();
		expectOwn(two, original);
		expectOwn(two, copy);
		await original.deactivate();
		expect(at(TARGET)).toEqual([]);
		expectOwn(two, copy);
		await copy.deactivate();
		expect(account.registered()).toEqual([]);
	});

	it('names what it registered in another account', async () => {
		const trigger = await activated();
		const made = account.registered();
		const first = account;
		trigger.account = account = await start();
		await trigger.activate();
		expectOwn(all, trigger);
		expect(trigger.logged).toHaveLength(made.length);
		for (const [index, { id }] of made.entries()) {
			expect(trigger.logged[index]).toContain(
				`The webhook ${id} of ${TARGET} stays registered in the ${provider} account`,
			);
		}
		expect(first.registered()).toEqual(made);
		await first.stop();
	});

	it('logs an outdated webhook that it fails to remove, and removes it the next time', async () => {
		const trigger = await activated({ events: two });
		trigger.events = [one];
		trigger.intercept = async (options, send) => {
			if (isRemoval(options)) throw httpError(500);
			return await send();
		};
		await trigger.activate();
		expect(at(TARGET)).toHaveLength(2);
		expect(trigger.logged.join()).toContain(
			`still registered with ${provider}: ${provider} answered 500`,
		);
		trigger.intercept = undefined;
		await trigger.activate();
		expectOwn([one], trigger);
	});

	it.each(['creating fails', 'the answer is lost'])(
		'completes at the next try what it began, where %s',
		async (what) => {
			const trigger = new Trigger(account);
			let creations = 0;
			trigger.intercept = async (options, send) => {
				if (!isCreation(options) || ++creations < partsOf(all).length) return await send();
				if (what === 'the answer is lost') await send();
				throw unreachable();
			};
			await expect(trigger.activate()).rejects.toThrow(/cannot be reached/);
			expect(at(TARGET)).toHaveLength(partsOf(all).length - (what === 'creating fails' ? 1 : 0));
			trigger.intercept = undefined;
			await trigger.activate();
			expectOwn(all, trigger);
			const isAdopted = what === 'creating fails' || showsTokens;
			expect(creationsIn(trigger)).toBe(partsOf(all).length + (isAdopted ? 0 : 1));
		},
	);

	describe('when n8n starts', () => {
		const faults: Array<[string, () => Error]> = [
			['is down', unreachable],
			['answers 401', () => httpError(401)],
			['answers 500', () => httpError(500)],
		];

		it.each(faults)(
			'and the API %s, a remembered webhook counts as there',
			async (_what, fault) => {
				const trigger = await activated();
				const made = account.registered();
				trigger.intercept = async () => await Promise.reject(fault());
				for (const mode of ['init', 'leadershipChange'] as const) {
					trigger.mode = mode;
					await trigger.activate();
				}
				expect(trigger.logged).toHaveLength(2);
				expect(trigger.logged.join()).toContain('could not be checked');
				expect(account.registered()).toEqual(made);
				trigger.mode = 'activate';
				await expect(trigger.activate()).rejects.toThrow(/(cannot be reached|answered)/);
			},
		);

		it.each([...faults, ['answers 403', () => httpError(403)] as const])(
			'and the API %s, a trigger without one is not activated',
			async (what, fault) => {
				const trigger = new Trigger(account);
				if (what === 'answers 403') await trigger.activate();
				trigger.mode = 'init';
				trigger.intercept = async () => await Promise.reject(fault());
				await expect(trigger.activate()).rejects.toThrow(/(cannot be reached|answered)/);
			},
		);
	});

	it.each<[Partial<Trigger>, RegExp]>([
		[{ token: '' }, /has no webhook token/],
		[{ events: [] }, /^No event is selected/],
		[{ events: ['other'] }, /^No event that \w+ could send is selected/],
		[{ url: 'http://localhost:5678/webhook/1/webhook' }, /Set WEBHOOK_URL/],
	])('refuses %j before it calls the API', async (changes, message) => {
		const trigger = Object.assign(new Trigger(account), changes);
		await expect(trigger.activate()).rejects.toThrow(message);
		expect(trigger.timeline).toEqual([]);
	});

	it('registers nothing where the user registers the trigger', async () => {
		const trigger = Object.assign(new Trigger(account), { registration: 'manual' });
		await trigger.activate();
		await trigger.deactivate();
		expect(trigger.timeline).toEqual([]);
		trigger.events = [];
		await expect(trigger.activate()).rejects.toThrow(/^No event is selected/);
	});
});

it('a new API key is not another account, if its list has the remembered webhooks', async () => {
	const changing = await abacatePayAccount();
	account = changing;
	const trigger = await activated();
	changing.abacatePay.apiKey = 'another-key';
	await trigger.activate();
	expect(trigger.logged).toEqual([]);
	expect(account.registered()).toHaveLength(1);
});

it('does not remove a webhook that the API updates instead of creating another', async () => {
	account = await abacatePayAccount();
	const trigger = await activated();
	const [made] = account.registered();
	trigger.events = ['payout.failed'];
	trigger.intercept = async (options, send) =>
		isCreation(options) ? { success: true, data: made } : await send();
	await trigger.activate();
	expect(account.registered()).toEqual([made]);
});

it('registers what the API takes of a code, once', () => {
	const toCodes = (code: string) => (code === 'A*' ? ['A1', 'A2'] : code === 'X' ? [] : [code]);
	const rules = { allEvents: ['A1', 'B'], toCodes };
	expect(eventsToRegister(rules, ['X', '*', 'other'], 'A*, C')).toEqual(['A1', 'B', 'A2', 'C']);
});

describe('one webhook for each event', () => {
	beforeEach(async () => (account = await wooviAccount()));

	/** Some of Woovi's events, by their places in its list. */
	const codes = (first: number, last: number) => wooviWebhooks.allEvents.slice(first - 1, last);
	const select = (trigger: Trigger, events: string[]) =>
		Object.assign(trigger, { events: [], customEvents: events.join() });
	const ownEvents = () =>
		account
			.registered()
			.filter(({ target }) => target === TARGET)
			.flatMap(({ events }) => events ?? []);

	it('another selection never touches the webhooks of events that stay selected', async () => {
		const trigger = await activated({ events: [], customEvents: codes(1, 12).join() });
		const kept = account.registered().slice(9);
		trigger.timeline.length = 0;
		const events = codes(10, 20).reverse();
		await select(trigger, events).activate();
		expect(ownEvents().sort()).toEqual(events.sort());
		expect(creationsIn(trigger)).toBe(8);
		for (const registered of trigger.timeline) {
			expect(registered).toEqual(expect.arrayContaining(kept));
		}
	});

	it('a changed token replaces one webhook after the other, since the API refuses twins', async () => {
		const trigger = await activated({ events: [], customEvents: codes(1, 12).join() });
		trigger.token = 'another-token-0123456789-0123456789';
		trigger.timeline.length = 0;
		await trigger.activate();
		expect(Math.min(...trigger.timeline.map(({ length }) => length))).toBe(11);
		expect(new Set(account.registered().map(({ token }) => token))).toEqual(
			new Set([trigger.token]),
		);
	});

	it.each([500, 404])(
		'removes the others where the API answers %i to one removal',
		async (status) => {
			const trigger = await activated({ events: [], customEvents: codes(1, 3).join() });
			let removals = 0;
			trigger.intercept = async (options, send) => {
				if (!isRemoval(options) || ++removals > 1) return await send();
				if (status === 404) await send();
				throw httpError(status);
			};
			const deactivated = trigger.deactivate();
			// A webhook that is not found is gone already.
			if (status === 404) await deactivated;
			else await expect(deactivated).rejects.toThrow('Woovi answered 500');
			expect(ownEvents()).toEqual(status === 404 ? [] : codes(1, 1));
			expect(trigger.logged).toEqual([]);
			await trigger.deactivate();
			expect(ownEvents()).toEqual([]);
		},
	);

	it('makes room in a full account, and says before it creates any that there is not enough', async () => {
		for (let count = 0; count < 40; count++) {
			account.add({ events: [`OTHER_${count}`], target: ELSEWHERE, token: 'x' });
		}
		const trigger = await activated({ events: [], customEvents: codes(1, 10).join() });
		await select(trigger, codes(11, 20)).activate();
		expect(ownEvents()).toEqual(codes(11, 20));
		expect(Math.min(...trigger.timeline.slice(-20).map(({ length }) => length))).toBe(49);

		const made = account.registered();
		await expect(select(trigger, codes(11, 21)).activate()).rejects.toThrow(
			'Woovi allows 50 webhooks in an account: this trigger needs 11, and there are 40 others. Select fewer events, or remove others in Woovi.',
		);
		expect(account.registered()).toEqual(made);
	});
});
