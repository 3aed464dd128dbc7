"""The jobs of this room, for the worker: procrastinate finds them by the module's name."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from municipalities import outbox
from municipalities.accounts import mails, sessions
from municipalities.invitations import service
from municipalities.models import AccountMail, Invitation


@app.task(name=service.TASK)
def send_invitation(pk: int) -> None:
    """Mail one invitation's link."""
    service.send(pk)


@app.periodic(cron="*/5 * * * *")
@app.task(name="municipalities.wake_invitations")
def wake_invitations(timestamp: int) -> None:
    """Put invitations that are not sent in the queue again."""
    outbox.wake(Invitation.objects.filter(used_at=None, revoked_at=None), service.TASK)


@app.task(name=mails.TASK)
def send_account_mail(pk: int) -> None:
    """Send one mail to somebody about their own account."""
    mails.send(pk)


@app.task(name=mails.RESET_TASK)
def find_password_reset(email: str) -> None:
    """Mail a link for a new password to whoever has this address, if anybody does."""
    mails.find_reset(email)


@app.periodic(cron="*/5 * * * *")
@app.task(name="municipalities.wake_account_mail")
def wake_account_mail(timestamp: int) -> None:
    """Put mail about accounts that is not sent in the queue again."""
    outbox.wake(AccountMail.objects.all(), mails.TASK)


@app.periodic(cron="17 3 * * *")
@app.task(name="municipalities.tidy_accounts")
def tidy_accounts(timestamp: int) -> None:
    """Forget sessions that have run out, and counters that no longer count."""
    sessions.tidy()


@app.periodic(cron="*/10 * * * *")
@app.task(name="municipalities.tidy_queue", pass_context=True)
async def tidy_queue(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that have died to others, and forget those that ended a week ago."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)
    await manager.delete_old_jobs(nb_hours=24 * 7, include_failed=True)
