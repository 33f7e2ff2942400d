"""``kundenstamm user``: accounts from the command line: the first people, and emergencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kundenstamm.cli.site import cli_actor, site

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

user = typer.Typer(help="Add people, lock accounts.", no_args_is_help=True)


@user.command()
def add(
    email: Annotated[str, typer.Argument(help="The mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="First and last name.")],
    role: Annotated[str, typer.Option(help="owner, sales_lead, representative, service, …")],
) -> None:
    """Make an account and print the link that opens it. Nothing is mailed."""
    with site():
        from django.core.exceptions import ValidationError
        from django.core.validators import validate_email
        from django.utils import timezone

        from kundenstamm.guard import people_actions
        from kundenstamm.guard.models import Role

        if role not in Role.values:
            _fail(f"--role {role}: there is no such role. Use one of {', '.join(Role.values)}.")
        try:
            validate_email(email)
            token = people_actions.invite(
                email, name, Role(role), actor=cli_actor(), at=timezone.now()
            )
        except (ValidationError, people_actions.Refused) as refused:
            _fail(f"{email}: {' '.join(getattr(refused, 'messages', refused.args))}")
        _print_link(token)


@user.command()
def link(email: Annotated[str, typer.Argument(help="The account's mail address.")]) -> None:
    """Print a new link, for a lost password or second factor; both are set up anew by it."""
    with site():
        from django.utils import timezone

        from kundenstamm.guard import people_actions

        try:
            token = people_actions.renew(_found(email), actor=cli_actor(), at=timezone.now())
        except people_actions.Refused as refused:
            _fail(str(refused))
        _print_link(token)


@user.command()
def lock(email: Annotated[str, typer.Argument(help="The account's mail address.")]) -> None:
    """Lock an account and end its sessions."""
    with site():
        from django.utils import timezone

        from kundenstamm.guard import people_actions

        try:
            people_actions.lock(_found(email), actor=cli_actor(), at=timezone.now())
        except people_actions.Refused as refused:
            _fail(str(refused))
        typer.echo(f"{email} is locked.")


def _found(email: str) -> User:
    from kundenstamm.guard.models import User

    found = User.objects.filter(email__iexact=email).first()
    return found or _fail(f"Nobody has the mail address {email}.")


def _print_link(token: str) -> None:
    from django.conf import settings
    from django.urls import reverse

    typer.echo(settings.SITE_URL + reverse("invitation", args=[token]))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
