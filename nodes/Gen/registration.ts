import { createHash } from 'crypto';
import { NodeApiError, type IHookFunctions } from 'n8n-workflow';
import { z } from 'zod';
import { explainedError, explanationOf, pathOf, statusOf } from '../core/api';
import { isPublicUrl } from '../core/publicUrl';
import type { Json } from '../core/json';
import { ALL, OTHER } from '../core/provider';
import { baseUrlOf, callGen, listOf, objectOf, sellerIdOf } from './genApi';

/** What Gen is asked to register ("Cadastrando pela API"). */
export interface Wanted {
	events: string[];
	target: string;
	authorization: string;
}

/** A registration as Gen lists it. No document shows one: the names are those of the request. */
interface Registration {
	id: string;
	target?: string;
	events?: string[];
	authorization?: string;
}

const keptSchema = z.object({
	/** Empty where Gen's answer did not say it. */
	id: z.string(),
	/** Of the account, the events, the target and the token: when it differs, something was changed. */
	fingerprint: z.string(),
	/** Where the id belongs: in another account it may be someone else's. */
	account: z.string(),
});

/** What the node remembers of a registration, in the workflow's static data. */
type Kept = z.infer<typeof keptSchema>;

const memorySchema = z.record(z.string(), keptSchema).catch({});

const PANEL_STEPS =
	'Remove it by hand in Gen under Perfil e preferências > Notificações, if it is not wanted any more';

/** The events to register: all as the documented patterns, what was chosen or typed as it is. */
export function eventsToRegister(events: unknown, customEvents: unknown): string[] {
	const chosen = (Array.isArray(events) ? events : [events]).flatMap((code: unknown) => {
		if (code === ALL) return ['PAYMENT.*', 'ORDER.*'];
		return typeof code === 'string' && code !== '' && code !== OTHER ? [code] : [];
	});
	const typed = typeof customEvents === 'string' ? customEvents.split(',') : [];
	const codes = [...chosen, ...typed.map((code) => code.trim())].filter((code) => code !== '');
	return [...new Set(codes)];
}

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

/** Throws where a registration could never work. */
export function checkWanted({ events, target, authorization }: Wanted): void {
	if (!isPublicUrl(target)) {
		throw new Error(
			`Gen cannot reach ${new URL(target).host}. Set WEBHOOK_URL in n8n to the address at which the internet reaches it.`,
		);
	}
	if (authorization.trim() === '') {
		throw new Error(
			'The Gen API credential has no webhook token. Enter a secret of 16 characters or more: Gen sends it with every event.',
		);
	}
	if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(authorization)) {
		throw new Error(
			'The webhook token of the Gen API credential has spaces at its ends, or characters that cannot be sent. Use printable ASCII characters only.',
		);
	}
	if (events.length === 0) {
		throw new Error(
			'No event that Gen could send is selected. Select events, or type some as custom events.',
		);
	}
}

/** One activation or deactivation of a trigger: what is wanted, what is remembered, what Gen has. */
class Lifecycle {
	private constructor(
		private readonly context: IHookFunctions,
		readonly wanted: Wanted,
		private readonly account: string,
		private readonly fingerprint: string,
	) {}

	static async of(context: IHookFunctions): Promise<Lifecycle> {
		const credential = await context.getCredentials('genApi');
		const wanted = {
			events: eventsToRegister(
				context.getNodeParameter('events', []),
				context.getNodeParameter('customEvents', ''),
			),
			target: context.getNodeWebhookUrl('default') ?? '',
			authorization: String(credential.webhookToken ?? ''),
		};
		const account = `${baseUrlOf(credential)} ${sellerIdOf(credential)}`;
		const fingerprint = createHash('sha256')
			.update(
				JSON.stringify([account, wanted.target, wanted.authorization, [...wanted.events].sort()]),
			)
			.digest('hex');
		return new Lifecycle(context, wanted, account, fingerprint);
	}

	/** Registrations by target URL: those of the test URL and of the production URL never meet. */
	private get memory(): Readonly<Record<string, Kept>> {
		return memorySchema.parse(this.context.getWorkflowStaticData('node').registrations);
	}

	private set memory(registrations: Record<string, Kept>) {
		this.context.getWorkflowStaticData('node').registrations = registrations;
	}

	/** What is remembered of this URL, where it was made in this account. */
	get kept(): Kept | undefined {
		const kept = this.memory[this.wanted.target];
		return kept?.account === this.account ? kept : undefined;
	}

	get isKeptCurrent(): boolean {
		return this.kept?.fingerprint === this.fingerprint;
	}

	remember(id: string): void {
		const { account, fingerprint } = this;
		this.memory = { ...this.memory, [this.wanted.target]: { id, fingerprint, account } };
	}

	forget(): void {
		const own = this.ownTargets;
		const others = Object.entries(this.memory).filter(([target]) => !own.includes(target));
		this.memory = Object.fromEntries(others);
	}

	/** This URL and, in production, those under which n8n was reached before. */
	private get ownTargets(): string[] {
		if (this.context.getMode() === 'manual') return [this.wanted.target];
		return [this.wanted.target, ...Object.keys(this.memory)];
	}

	/** The ids of what was registered in this account. */
	get keptIds(): string[] {
		return this.ownTargets.flatMap((target) => {
			const kept = this.memory[target];
			return kept?.account === this.account ? kept.id : [];
		});
	}

	/** An account that the credential no longer opens keeps its registration. */
	logLostRegistration(): void {
		const kept = this.memory[this.wanted.target];
		if (!kept || kept.account === this.account) return;
		this.log(
			`The webhook ${kept.id} is still registered in the Gen account that was used before. ${PANEL_STEPS}.`,
		);
	}

	/** The registrations of this URL, and those remembered; `undefined` where the API offers no list. */
	async own(): Promise<Registration[] | undefined> {
		const answer = await whereOffered(
			callGen(this.context, { method: 'GET', path: '/api/webhooks' }),
		);
		if (answer === undefined) return undefined;
		const registrations = registrationsOf(answer);
		if (!registrations) {
			this.log('The list of webhooks that Gen answers cannot be understood, so it is not used.');
		}
		const ids = this.keptIds;
		return registrations?.filter(
			({ id, target }) => target === this.wanted.target || ids.includes(id),
		);
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
				`Gen does not let n8n remove the webhook ${id || this.wanted.target}. ${PANEL_STEPS}.`,
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
				const reason = explanationOf(error);
				this.log(
					`The replaced webhook ${id} is still registered with Gen: ${reason} ${PANEL_STEPS}.`,
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

/** Runs a part of a lifecycle: what it throws becomes one error that n8n shows whole. */
async function explained<T>(context: IHookFunctions, run: () => Promise<T>): Promise<T> {
	try {
		return await run();
	} catch (error) {
		throw explainedError(context.getNode(), error);
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
	return await explained(context, async () => {
		const lifecycle = await Lifecycle.of(context);
		checkWanted(lifecycle.wanted);
		const { kept, isKeptCurrent, wanted } = lifecycle;
		const isStart = ['init', 'leadershipChange'].includes(context.getActivationMode());
		const own = await lifecycle.own().catch((error: unknown) => {
			if (!kept || !isStart || !isUnreachable(error)) throw error;
			lifecycle.log(
				`The webhook at Gen could not be checked, so n8n takes it as registered: ${explanationOf(error)}`,
			);
			return 'unknown' as const;
		});
		if (own === 'unknown') return true;
		if (!own) return isKeptCurrent;
		const current = own.find(
			(registration) =>
				(isKeptCurrent && registration.id === kept?.id) || isAsWanted(registration, wanted),
		);
		if (!current) return false;
		lifecycle.remember(current.id);
		await lifecycle.removeLeftovers(own.map(({ id }) => id).filter((id) => id !== current.id));
		return true;
	});
}

/** Registers this trigger with Gen, then removes what it replaces. */
export async function register(context: IHookFunctions): Promise<boolean> {
	return await explained(context, async () => {
		const lifecycle = await Lifecycle.of(context);
		checkWanted(lifecycle.wanted);
		const own = await lifecycle.own();
		const replaced = own?.map(({ id }) => id) ?? lifecycle.keptIds;
		const id = await lifecycle.create();
		lifecycle.logLostRegistration();
		lifecycle.remember(id);
		await lifecycle.removeLeftovers(replaced.filter((old) => old !== id));
		return true;
	});
}

/** Removes this trigger's registration, and no other. One that cannot be removed is remembered, to be adopted. */
export async function unregister(context: IHookFunctions): Promise<boolean> {
	return await explained(context, async () => {
		const lifecycle = await Lifecycle.of(context);
		const own = await lifecycle.own();
		const ids = own?.map(({ id }) => id) ?? lifecycle.keptIds;
		const removed = await Promise.all(ids.map(async (id) => await lifecycle.remove(id)));
		if (removed.every(Boolean)) lifecycle.forget();
		return true;
	});
}
