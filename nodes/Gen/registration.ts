import { createHash } from 'crypto';
import { NodeApiError, type IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { toActivationError, explanationOf, pathOf, statusOf } from '../core/api';
import type { Json } from '../core/json';
import { NodeMemory } from '../core/nodeMemory';
import { baseUrlOf, callGen, listOf, objectOf, sellerIdOf } from './genApi';
import { checkWanted, wantedOf, type Wanted } from './wanted';

/** A registration as Gen lists it. No document shows one: the names are those of the request. */
interface Registration {
	id: string;
	target?: string;
	events?: string[];
	authorization?: string;
}

const storedSchema = z.object({
	/** Empty where Gen's answer did not say it. */
	id: z.string(),
	/** Of the account, the events, the target and the token: when it differs, something was changed. */
	fingerprint: z.string(),
	/** Where the id belongs: in another account it may be someone else's. */
	account: z.string(),
});

/** Registrations by target URL, as the node remembers them. */
const memorySchema = z.record(z.string(), storedSchema).catch({});

const PANEL_STEPS =
	'If nothing needs it any more, remove it in Gen under Perfil e preferências > Notificações.';

/** The registrations of a list's entries; `undefined` where the list cannot be understood. */
export function registrationsOf(answer: Json): Registration[] | undefined {
	const entry = z.object({
		id: z.union([z.string(), z.number()]).transform(String),
		target: z.string().optional().catch(undefined),
		events: z.array(z.string()).optional().catch(undefined),
		authorization: z.string().optional().catch(undefined),
	});
	const parsed = z.array(entry).safeParse(listOf(answer));
	return parsed.success ? parsed.data : undefined;
}

/** Whether a listed registration is known to be what is wanted; its token is not known where the list hides it. */
export function isAsWanted(registration: Registration, wanted: Wanted): boolean {
	const sorted = (codes: readonly string[] = []) => JSON.stringify([...codes].sort());
	return (
		registration.target === wanted.target &&
		registration.authorization === wanted.authorization &&
		sorted(registration.events) === sorted(wanted.events)
	);
}

/** Reconciles the wanted, the remembered and the listed registrations of one trigger's URL. */
class WebhookRegistration {
	private readonly memory: NodeMemory;

	private constructor(
		private readonly context: IHookFunctions,
		readonly wanted: Wanted,
		private readonly account: string,
		private readonly fingerprint: string,
	) {
		this.memory = new NodeMemory(context, 'registrations');
	}

	static async of(context: IHookFunctions): Promise<WebhookRegistration> {
		const credential = await context.getCredentials('genApi');
		const wanted = wantedOf(context, credential);
		const account = `${baseUrlOf(credential)} ${sellerIdOf(credential)}`;
		const { target, authorization, events } = wanted;
		const fingerprint = createHash('sha256')
			.update(JSON.stringify([account, target, authorization, [...events].sort()]))
			.digest('hex');
		return new WebhookRegistration(context, wanted, account, fingerprint);
	}

	/** Those of the test URL, of the production URL and of the URLs that n8n had before never meet. */
	private get stored() {
		return memorySchema.parse(this.memory.get());
	}

	/** The id that is remembered for this URL in this account. */
	get storedId(): string | undefined {
		const stored = this.stored[this.wanted.target];
		return stored?.account === this.account ? stored.id : undefined;
	}

	/** Whether what is remembered for this URL was registered as it is wanted now. */
	get isCurrent(): boolean {
		return this.stored[this.wanted.target]?.fingerprint === this.fingerprint;
	}

	remember(id: string): void {
		const { account, fingerprint } = this;
		this.memory.set({ ...this.stored, [this.wanted.target]: { id, fingerprint, account } });
	}

	forget(): void {
		const others = Object.entries(this.stored).filter(([target]) => target !== this.wanted.target);
		this.memory.set(Object.fromEntries(others));
	}

	/** What is registered in this account; `undefined` where the API offers no list. */
	async list(): Promise<Registration[] | undefined> {
		const answer = await whereOffered(
			callGen(this.context, { method: 'GET', path: '/api/webhooks' }),
		);
		if (answer === undefined) return undefined;
		const registrations = registrationsOf(answer);
		if (!registrations) {
			this.log('The list of webhooks that Gen answers cannot be understood, so it is not used.');
		}
		return registrations;
	}

	/**
	 * The ids of this trigger's own registrations. Its own is what has its URL, nothing else; the remembered id counts
	 * only where Gen does not say the URL.
	 */
	ownIds(listed: Registration[] | undefined): string[] {
		const { storedId, wanted } = this;
		if (!listed) return storedId === undefined ? [] : [storedId];
		return listed
			.filter(({ id, target }) =>
				target === undefined ? id === storedId : target === wanted.target,
			)
			.map(({ id }) => id);
	}

	/**
	 * Names in the log what this node registered with another URL or in another account. It stays: another n8n may have
	 * it, on the original of a copied database.
	 */
	logOthers(listed: Registration[] | undefined): void {
		for (const [target, { id, account }] of Object.entries(this.stored)) {
			if (account === this.account) {
				if (target === this.wanted.target) continue;
				if (listed && !listed.some((registration) => registration.id === id)) continue;
			}
			this.log(
				`The webhook ${id || '(ID unknown)'} of ${target} stays registered in the Gen account ${account}: another n8n may use it. ${PANEL_STEPS}`,
			);
		}
	}

	async create(): Promise<string> {
		const { events, target, authorization } = this.wanted;
		const answer = await callGen(this.context, {
			method: 'POST',
			path: '/api/webhooks',
			body: { webhook: { events, target, authorization } },
		});
		const { id } = objectOf(answer);
		return typeof id === 'number' ? String(id) : typeof id === 'string' ? id : '';
	}

	/** Removes a registration. False where the API does not offer it, which is logged. */
	async remove(id: string): Promise<boolean> {
		const path = pathOf`/api/webhooks/${id}`;
		const answer =
			id === '' ? undefined : await whereOffered(callGen(this.context, { method: 'DELETE', path }));
		if (answer === undefined) {
			this.log(
				`Gen does not let n8n remove the webhook ${id || this.wanted.target}. ${PANEL_STEPS}`,
			);
		}
		return answer !== undefined;
	}

	/** Removes what is left of earlier registrations, after the new one is there: what fails is logged. */
	async removeLeftovers(ids: Iterable<string>): Promise<void> {
		for (const id of new Set(ids)) {
			try {
				await this.remove(id);
			} catch (error) {
				this.log(
					`The replaced webhook ${id} is still registered with Gen: ${explanationOf(error)} ${PANEL_STEPS}`,
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

/** No document says that webhooks can be listed or removed through the API: `undefined` where they cannot. */
async function whereOffered(call: Promise<Json>): Promise<Json | undefined> {
	return await call.catch((error: unknown) => {
		if ([404, 405, 501].includes(statusOf(error) ?? 0)) return undefined;
		throw error;
	});
}

/** No answer, a refused token, or a failing server: it says nothing about the registration. */
function isUnreachable(error: unknown): boolean {
	const status = statusOf(error);
	return error instanceof NodeApiError && (status === undefined || status === 401 || status >= 500);
}

/** Runs one lifecycle method: what it throws becomes one error that n8n shows whole. */
async function reconcile<T>(
	context: IHookFunctions,
	run: (registration: WebhookRegistration) => Promise<T>,
): Promise<T> {
	try {
		return await run(await WebhookRegistration.of(context));
	} catch (error) {
		throw toActivationError(context.getNode(), error);
	}
}

/**
 * Whether Gen has this trigger's registration as it is wanted now. Adopts one that n8n does not remember, and
 * removes doubles of it.
 *
 * When n8n starts and remembers a registration, an API that cannot be asked counts as yes: n8n would otherwise take
 * the webhook down.
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		const { wanted, storedId, isCurrent } = registration;
		checkWanted(wanted);
		const isStart = ['init', 'leadershipChange'].includes(context.getActivationMode());
		const listed = await registration.list().catch((error: unknown) => {
			if (storedId === undefined || !isStart || !isUnreachable(error)) throw error;
			registration.log(
				`The webhook at Gen could not be checked, so n8n takes it as registered: ${explanationOf(error)}`,
			);
			return 'unknown' as const;
		});
		if (listed === 'unknown') return true;
		if (!listed) return isCurrent;
		const ids = registration.ownIds(listed);
		const current = listed.find(
			(one) =>
				isAsWanted(one, wanted) || (isCurrent && one.id === storedId && ids.includes(one.id)),
		);
		if (!current) return false;
		registration.remember(current.id);
		await registration.removeLeftovers(ids.filter((id) => id !== current.id));
		return true;
	});
}

/** Registers this trigger with Gen, then removes what it replaces. */
export async function register(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		checkWanted(registration.wanted);
		const listed = await registration.list();
		const replaced = registration.ownIds(listed);
		const id = await registration.create();
		registration.logOthers(listed);
		registration.remember(id);
		await registration.removeLeftovers(replaced.filter((old) => old !== id));
		return true;
	});
}

/** Removes this trigger's registration, and no other. One that cannot be removed is remembered, to be adopted. */
export async function unregister(context: IHookFunctions): Promise<boolean> {
	return await reconcile(context, async (registration) => {
		const listed = await registration.list();
		const ids = registration.ownIds(listed);
		const removed = await Promise.all(ids.map(async (id) => await registration.remove(id)));
		registration.logOthers(listed);
		if (removed.every(Boolean)) registration.forget();
		return true;
	});
}
