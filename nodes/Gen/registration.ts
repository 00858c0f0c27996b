import { createHash } from 'crypto';
import { NodeApiError, type IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { describeError, isStartup, toActivationError } from '../core/activation';
import { encodePath, httpStatus } from '../core/api';
import type { Json } from '../core/json';
import { NodeMemory } from '../core/nodeMemory';
import { callGen, getAccount, unwrapList, unwrapObject } from './genApi';
import { checkDesired, readDesired, type DesiredWebhook } from './desired';

/** A registered webhook as Gen lists it. No document shows one: the keys are those of the request. */
interface Registration {
	id: string;
	target?: string;
	events?: string[];
	authorization?: string;
}

const storedSchema = z.object({
	/** Empty where Gen's answer did not contain it. */
	id: z.string(),
	/** A hash of the account, events, target and token: it differs when one of them was changed. */
	fingerprint: z.string(),
	/** The account the id belongs to, see `getAccount`. */
	account: z.string(),
});

/** What the node remembers: registrations by target URL. */
const memorySchema = z.record(z.string(), storedSchema).catch({});

const PANEL_STEPS =
	'If it is no longer needed, remove it in Gen under Perfil e preferências > Notificações.';

/** The registrations in an answer; `undefined` where it cannot be understood. */
export function parseRegistrations(answer: Json): Registration[] | undefined {
	const entry = z.object({
		id: z.union([z.string(), z.number()]).transform(String),
		target: z.string().optional().catch(undefined),
		events: z.array(z.string()).optional().catch(undefined),
		authorization: z.string().optional().catch(undefined),
	});
	const parsed = z.array(entry).safeParse(unwrapList(answer));
	return parsed.success ? parsed.data : undefined;
}

/** Whether a listed registration matches. It does not where the list hides its token. */
export function matchesDesired(registration: Registration, desired: DesiredWebhook): boolean {
	const sorted = (codes: readonly string[] = []) => JSON.stringify([...codes].sort());
	return (
		registration.target === desired.target &&
		registration.authorization === desired.authorization &&
		sorted(registration.events) === sorted(desired.events)
	);
}

/** Reconciles the desired, stored and remote registrations of one trigger's URL. */
class WebhookRegistration {
	private readonly memory: NodeMemory;

	private constructor(
		private readonly context: IHookFunctions,
		readonly desired: DesiredWebhook,
		private readonly account: string,
		private readonly fingerprint: string,
	) {
		this.memory = new NodeMemory(context, 'registrations');
	}

	static async load(context: IHookFunctions): Promise<WebhookRegistration> {
		const credential = await context.getCredentials('genApi');
		const desired = readDesired(context, credential);
		const account = getAccount(credential);
		const { target, authorization, events } = desired;
		const fingerprint = createHash('sha256')
			.update(JSON.stringify([account, target, authorization, [...events].sort()]))
			.digest('hex');
		return new WebhookRegistration(context, desired, account, fingerprint);
	}

	/** Keyed by URL, so that the test URL, the production URL and former addresses of n8n never mix. */
	private get stored() {
		return memorySchema.parse(this.memory.get());
	}

	/** The id stored for this URL in this account. */
	get storedId(): string | undefined {
		const stored = this.stored[this.desired.target];
		return stored?.account === this.account ? stored.id : undefined;
	}

	/** Whether what is stored for this URL was registered with the present settings. */
	get isCurrent(): boolean {
		return this.stored[this.desired.target]?.fingerprint === this.fingerprint;
	}

	remember(id: string): void {
		const { account, fingerprint } = this;
		this.memory.set({ ...this.stored, [this.desired.target]: { id, fingerprint, account } });
	}

	forget(): void {
		const others = Object.entries(this.stored).filter(([target]) => target !== this.desired.target);
		this.memory.set(Object.fromEntries(others));
	}

	/** The account's registrations; `undefined` where the API does not list them. */
	async list(): Promise<Registration[] | undefined> {
		const answer = await whereOffered(
			callGen(this.context, { method: 'GET', path: '/api/webhooks' }),
		);
		if (answer === undefined) return undefined;
		const registrations = parseRegistrations(answer);
		if (!registrations) {
			this.log('The list of webhooks from Gen cannot be understood and is ignored.');
		}
		return registrations;
	}

	/**
	 * The ids of this trigger's own registrations: those with its URL, and no others. The stored id counts only where Gen
	 * does not show the URL.
	 */
	findOwnIds(listed: Registration[] | undefined): string[] {
		const { storedId, desired } = this;
		if (!listed) return storedId === undefined ? [] : [storedId];
		return listed
			.filter(({ id, target }) =>
				target === undefined ? id === storedId : target === desired.target,
			)
			.map(({ id }) => id);
	}

	/**
	 * Logs what this node registered with another URL or in another account. It is not removed: the database may be a
	 * copy, and the registration the original's.
	 */
	logOthers(listed: Registration[] | undefined): void {
		for (const [target, { id, account }] of Object.entries(this.stored)) {
			if (account === this.account) {
				if (target === this.desired.target) continue;
				if (listed && !listed.some((registration) => registration.id === id)) continue;
			}
			this.log(
				`The webhook ${id || '(ID unknown)'} of ${target} stays registered in the Gen account ${account}: another n8n may use it. ${PANEL_STEPS}`,
			);
		}
	}

	/** Registers the webhook. Resolves with its id, empty where Gen's answer does not contain it. */
	async create(): Promise<string> {
		const { events, target, authorization } = this.desired;
		const answer = await callGen(this.context, {
			method: 'POST',
			path: '/api/webhooks',
			body: { webhook: { events, target, authorization } },
		});
		const { id } = unwrapObject(answer);
		return typeof id === 'number' ? String(id) : typeof id === 'string' ? id : '';
	}

	/** Removes a registration. Resolves with false, and logs it, where the API does not offer removal. */
	async remove(id: string): Promise<boolean> {
		const path = encodePath`/api/webhooks/${id}`;
		const answer =
			id === '' ? undefined : await whereOffered(callGen(this.context, { method: 'DELETE', path }));
		if (answer === undefined) {
			this.log(
				`Gen does not let n8n remove the webhook ${id || this.desired.target}. ${PANEL_STEPS}`,
			);
		}
		return answer !== undefined;
	}

	/** Removes replaced registrations. Failures are only logged: the new one is registered already. */
	async removeLeftovers(ids: Iterable<string>): Promise<void> {
		for (const id of new Set(ids)) {
			try {
				await this.remove(id);
			} catch (error) {
				this.log(
					`The replaced webhook ${id} is still registered with Gen: ${describeError(error)} ${PANEL_STEPS}`,
				);
			}
		}
	}

	log(message: string): void {
		this.context.logger.warn(message, {
			node: this.context.getNode().name,
			workflowId: this.context.getWorkflow().id,
		});
	}
}

/** The answer of an undocumented endpoint; `undefined` where the API does not have it. */
async function whereOffered(call: Promise<Json>): Promise<Json | undefined> {
	return await call.catch((error: unknown) => {
		if ([404, 405, 501].includes(httpStatus(error) ?? 0)) return undefined;
		throw error;
	});
}

/** Whether an error says nothing about the registration: no answer, a refused token, or a failing server. */
function isUnreachable(error: unknown): boolean {
	const status = httpStatus(error);
	return error instanceof NodeApiError && (status === undefined || status === 401 || status >= 500);
}

/** Runs one lifecycle method. Its errors become errors that n8n shows in full. */
async function reconcile<T>(
	context: IHookFunctions,
	run: (registration: WebhookRegistration) => Promise<T>,
): Promise<T> {
	try {
		return await run(await WebhookRegistration.load(context));
	} catch (error) {
		throw toActivationError(context.getNode(), error);
	}
}

/**
 * n8n's `checkExists`: whether Gen has this trigger's webhook as it should be. Adopts a matching one that n8n does not
 * remember, and removes its duplicates.
 *
 * When n8n starts and remembers a registration, an unreachable API counts as yes: otherwise n8n would take the webhook
 * down.
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		const { desired, storedId, isCurrent } = registration;
		checkDesired(desired);
		const listed = await registration.list().catch((error: unknown) => {
			if (storedId === undefined || !isStartup(context) || !isUnreachable(error)) throw error;
			registration.log(
				`The webhook at Gen could not be checked and counts as registered: ${describeError(error)}`,
			);
			return 'unknown' as const;
		});
		if (listed === 'unknown') return true;
		if (!listed) return isCurrent;
		const ids = registration.findOwnIds(listed);
		const current = listed.find(
			(one) =>
				matchesDesired(one, desired) || (isCurrent && one.id === storedId && ids.includes(one.id)),
		);
		if (!current) return false;
		registration.remember(current.id);
		await registration.removeLeftovers(ids.filter((id) => id !== current.id));
		return true;
	});
}

/** n8n's `create`: registers this trigger's webhook, then removes what it replaces. */
export async function register(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		checkDesired(registration.desired);
		const listed = await registration.list();
		const replaced = registration.findOwnIds(listed);
		const id = await registration.create();
		registration.logOthers(listed);
		registration.remember(id);
		await registration.removeLeftovers(replaced.filter((old) => old !== id));
		return true;
	});
}

/** n8n's `delete`: removes this trigger's webhook and no other. One that cannot be removed stays stored, to be adopted. */
export async function unregister(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		const listed = await registration.list();
		const ids = registration.findOwnIds(listed);
		const removed = await Promise.all(ids.map(async (id) => await registration.remove(id)));
		registration.logOthers(listed);
		if (removed.every(Boolean)) registration.forget();
		return true;
	});
}
