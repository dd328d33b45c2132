import { type SendGridStandIn, startSendGrid } from '../../plugins/sendgrid/test/stand-in.ts';

/** SendGrid's stand-in, which keeps the mails instead of sending them. Addresses at `full.example` are refused. */
export interface MailSink extends Pick<SendGridStandIn, 'url' | 'settings' | 'mails' | 'close'> {
  readonly refused: number;
}

const FULL = { errors: [{ message: 'The mailbox takes no mail', field: 'personalizations.0.to' }] };

export async function startMailSink(): Promise<MailSink> {
  let refused = 0;
  const { url, settings, mails, close } = await startSendGrid({
    fault(request) {
      if (!request.text.includes('@full.example')) return undefined;
      refused += 1;
      return { status: 400, body: FULL };
    },
  });
  return {
    url,
    settings,
    mails,
    get refused() {
      return refused;
    },
    close,
  };
}
