import { isoInZone, isoWithOffset, type Reader } from '../core/fields';
import { isJsonObject, own } from '../core/json';
import { textOf, UNKNOWN } from '../core/event';
import { otherEvents, type Provider } from '../core/provider';
import { customer, fieldOf, group, notSent, textField } from '../core/shape';

/**
 * A PHP DateTime as JSON: `{date, timezone_type, timezone}`. Type 1 has an offset in `timezone`,
 * type 2 an abbreviation, type 3 a named zone. Without a zone the time cannot be known.
 */
export const phpDate: Reader = {
	type: 'string',
	format: 'date-time',
	read(value) {
		if (!isJsonObject(value)) return undefined;
		const sent = textOf(own(value, 'date'));
		const zone = textOf(own(value, 'timezone'));
		if (!sent || !zone || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$/.test(sent)) {
			return undefined;
		}
		const iso = sent.replace(' ', 'T');
		return /^(Z|[+-]\d{2}(:?\d{2})?)$/.test(zone)
			? isoWithOffset(`${iso}${zone}`)
			: isoInZone(iso, zone);
	},
};

/** Gestão Online, an ERP: its page "Webhooks". */
export const gestaoOnline: Provider = {
	id: 'gestaoOnline',
	displayName: 'Gestão Online',
	connect:
		'Gestão Online has no panel for webhooks. Copy the production URL of this node, append <code>?token=</code> and the token of the credential, publish the workflow, and ask suporte@gestao-online.com to send the notifications there. The text of the e-mail is under More info.',
	connectDetails:
		'<b>The e-mail:</b> Olá! Solicito que as notificações de eventos por webhook da nossa conta sejam enviadas para a URL abaixo. Empresa: <i>razão social</i>, CNPJ <i>CNPJ</i>. URL: <i>production URL</i>?token=<i>token</i>. Por favor, usem a URL exatamente como está: o parâmetro token identifica o envio de vocês e é um segredo.',
	events: [
		{
			code: 'ORDER_CREATED',
			name: 'Order Created',
			label: 'Created',
			description: 'When a purchase is made',
		},
		{
			code: 'ORDER_CANCEL',
			name: 'Order Canceled',
			label: 'Canceled',
			description: 'When a purchase is canceled',
		},
		{
			code: 'TAX_INVOICE_CHANGE_STATUS',
			name: 'Tax Invoice Status Changed',
			label: 'Invoice',
			description: 'When the status of the tax invoice changes',
		},
		{
			code: 'FINANCIAL_PAYMENT_DISCHARGE',
			name: 'Payment Settled',
			label: 'Settled',
			description: 'When a payment is settled in the financial module',
		},
		{
			code: 'FINANCIAL_PAYMENT_STATUS',
			name: 'Payment Status Changed',
			label: 'Payment',
			description: 'When the status of a payment in the financial module changes',
		},
		{
			code: 'ORDER_DELIVERY_CHANGE_STATUS',
			name: 'Delivery Status Changed',
			label: 'Delivery',
			description: 'When the delivery status of a sale changes',
		},
		otherEvents,
	],
	credential: 'gestaoOnlineWebhookApi',
	token: {
		places: [
			{
				in: 'query',
				name: { field: 'parameterName', default: 'token' },
				bearer: 'never',
			},
		],
		field: 'token',
	},
	eventOf: ({ body }) => ({
		name: textOf(own(body, 'event_id')) ?? UNKNOWN,
		place: 'event_id of the body',
	}),
	filters: [],
	identityOf: (body) => body,
	// The payload does not hold the new status, so two different changes of one order can be identical bodies.
	ignoresDuplicatesByDefault: false,
	item: {
		id: textField('data.id'),
		status: textField('data.status'),
		createdAt: fieldOf(phpDate, 'data.date'),
		updatedAt: notSent,
		customer: customer('data.user', {
			id: 'id',
			name: 'name',
			email: 'email',
			mobile: 'cellphone',
			landline: 'phone',
			document: 'document',
		}),
		order: group(
			{ id: textField('id'), code: textField('code'), utmId: textField('utmId') },
			'data',
		),
	},
};
