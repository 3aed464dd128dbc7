"""The first person of an installation, and logging in."""

import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from municipalities import people, register
from municipalities.commands import CannotRunError
from municipalities.models import Membership, Organisation, RegisterEvent, User

PASSWORD = "granbar og morgendugg"
ADDRESS = "/oppstart/"


@pytest.fixture
def loaded(db: None) -> None:
    """The register as shipped, and nobody to use it."""
    register.load()


def answers(**changes: str) -> dict[str, str]:
    """What a careful person types."""
    return {
        "code": people.setup_code(),
        "name": "Kari Nordby",
        "email": "Kari.Nordby@Eksempel.no",
        "organisation": str(Organisation.objects.get(key="3305").pk),
        "password": PASSWORD,
        "password_again": PASSWORD,
    } | changes


# --- the first run -------------------------------------------------------------------------------


def test_login_leads_to_the_first_run(client: Client, loaded: None) -> None:
    """With nobody to log in as, every page ends at /oppstart/."""
    assert client.get("/kommuner/", follow=True).redirect_chain[-1][0] == ADDRESS
    assert client.post("/logg-inn/", {"login": "a", "password": "b"})["Location"] == ADDRESS
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert people.setup_code() not in text
    assert "Våler (3114, Østfold)" in text
    assert "Vest-Viken" not in text


def test_the_first_person(client: Client, loaded: None) -> None:
    """Is logged in, runs the installation, and the page is gone."""
    answer = client.post(ADDRESS, answers())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    kari = User.objects.get()
    assert (kari.email, kari.is_staff, kari.is_superuser) == (
        "kari.nordby@eksempel.no",
        True,
        True,
    )
    assert client.session["_auth_user_id"] == str(kari.pk)
    roles = kari.memberships.values_list("organisation__key", "role")
    assert set(roles) == {("3305", "administrator"), ("3305", "editor")}
    event = RegisterEvent.objects.get(action="person.administrator_made")
    assert (event.actor, event.organisation.key) == (kari, "3305")
    assert PASSWORD not in str(event.data)
    assert client.get("/kommuner/").status_code == 200
    for visitor in (client, Client()):
        assert visitor.get(ADDRESS).status_code == 404
        assert visitor.post(ADDRESS, answers()).status_code == 404
    assert User.objects.count() == 1


def test_the_code_may_be_typed_loosely(client: Client, loaded: None) -> None:
    """Case, spaces and hyphens do not matter."""
    typed = f" {people.setup_code().upper().replace('-', ' ')} "
    assert client.post(ADDRESS, answers(code=typed)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"code": "abcd-efgh-ijkl-mnop"}, "code", "Oppstartskoden er feil"),
        ({"code": ""}, "code", "Fyll inn oppstartskode"),
        ({"code": "æøå"}, "code", "Oppstartskoden er feil"),
        ({"code": "a\x00"}, "code", "Null-tegn"),
        ({"name": " "}, "name", "Fyll inn navn"),
        ({"name": "x" * 121}, "name", "høyst 120 tegn"),
        ({"email": "kari"}, "email", "navn@eksempel.no"),
        ({"email": "k\x00@eksempel.no"}, "email", ""),
        ({"organisation": ""}, "organisation", "Velg kommune"),
        ({"organisation": "999999"}, "organisation", "finnes ikke lenger"),
        ({"organisation": "\x00"}, "organisation", "Null-tegn"),
        ({"organisation": "9" * 30}, "organisation", "finnes ikke lenger"),
        (
            {"password": "kort", "password_again": "kort"},
            "password",
            "for kort. Det må ha minst 12",
        ),
        ({"password": "1" * 20, "password_again": "1" * 20}, "password", "tall"),
        (
            {"password": "kari.nordby@eksempel", "password_again": "kari.nordby@eksempel"},
            "password",
            "for likt",
        ),
        ({"password_again": "noe annet"}, "password_again", "Passordene er ikke like"),
    ],
)
def test_what_is_refused(
    changes: dict[str, str], field: str, said: str, client: Client, loaded: None
) -> None:
    """A message at the field, what was typed is still there, and nobody is made."""
    answer = client.post(ADDRESS, answers(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert said in str(answer.context["form"].errors)
    text = answer.content.decode()
    assert "For å gå videre må du rette opp" in text
    assert PASSWORD not in text
    if field != "email":
        assert "Kari.Nordby@Eksempel.no" in text
    assert not User.objects.exists()


def test_an_empty_register_is_explained(client: Client, db: None) -> None:
    """There is nothing to choose before the register is loaded."""
    text = client.get(ADDRESS).content.decode()
    assert "Registeret er tomt" in text
    assert '<form method="post" class="narrow"' not in text


def test_other_methods(client: Client, loaded: None) -> None:
    """Nothing else is understood."""
    assert client.put(ADDRESS).status_code == 405
    assert client.head(ADDRESS).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_person() -> None:
    """The second waits for the first and is refused."""
    register.load()
    organisation = Organisation.objects.get(key="3305")
    start, outcomes = threading.Barrier(2), []

    def make(number: int) -> None:
        start.wait()
        try:
            people.make_administrator(
                email=f"p{number}@eksempel.no",
                name="Kari",
                password=PASSWORD,
                organisation=organisation,
                first=True,
            )
            outcomes.append("made")
        except people.AlreadySetUpError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert User.objects.count() == 1


def test_the_code_follows_the_secret(settings: object) -> None:
    """Another installation has another code; it is long enough not to be guessed."""
    code = people.setup_code()
    assert people.is_setup_code(code)
    assert len(code.replace("-", "")) == 16
    settings.SECRET_KEY = "noe helt annet" * 5
    assert people.setup_code() != code
    assert not people.is_setup_code(code)
    assert not people.is_setup_code("")


# --- the command ---------------------------------------------------------------------------------


def create(monkeypatch: pytest.MonkeyPatch, password: str, **changes: str) -> None:
    """Run create_administrator with the password on standard input."""
    options = {"email": "drift@eksempel.no", "name": "Ola Drift", "organisation": "33"} | changes
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    call_command("create_administrator", password_stdin=True, **options)


def test_the_command_makes_an_administrator(
    loaded: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For any organisation, also when there are people."""
    User.objects.create_user("forste@eksempel.no", name="Første")
    create(monkeypatch, PASSWORD)
    assert "drift@eksempel.no" in capsys.readouterr().out
    user = User.objects.get(email="drift@eksempel.no")
    assert user.check_password(PASSWORD)
    assert user.is_superuser
    assert Membership.objects.filter(user=user, organisation__key="33").count() == 2
    assert RegisterEvent.objects.get(action="person.administrator_made").actor is None


@pytest.mark.parametrize(
    ("password", "changes", "said"),
    [
        ("kort", {}, "password: "),
        ("", {}, "password: "),
        (PASSWORD, {"email": "ola"}, "email: "),
        (PASSWORD, {"email": "DRIFT2@eksempel.no"}, "email: "),
        (PASSWORD, {"name": ""}, "--name is needed"),
        (PASSWORD, {"organisation": "4242"}, "no organisation has the key '4242'"),
        (PASSWORD, {"organisation": "\x00"}, "no organisation has the key"),
    ],
)
def test_the_command_refuses(
    password: str,
    changes: dict[str, str],
    said: str,
    loaded: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line, exit code 2, nobody made."""
    User.objects.create_user("drift2@eksempel.no", name="Opptatt")
    with pytest.raises(CannotRunError) as refused:
        create(monkeypatch, password, **changes)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 2
    assert User.objects.count() == 1


def test_the_command_asks_twice(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal; two different answers are refused, and so is asking without a terminal."""
    options = {"email": "drift@eksempel.no", "name": "Ola Drift", "organisation": "3305"}
    typed = iter([PASSWORD, "noe annet langt", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CannotRunError, match="--password-stdin"):
        call_command("create_administrator", **options)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    with pytest.raises(CannotRunError, match="differ"):
        call_command("create_administrator", **options)
    call_command("create_administrator", **options)
    assert User.objects.get().check_password(PASSWORD)


def test_the_command_prints_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Alone on a line, for scripts; it needs no database."""
    call_command("create_administrator", "--code")
    assert capsys.readouterr().out == f"{people.setup_code()}\n"


# --- logging in ----------------------------------------------------------------------------------


@pytest.fixture
def kari(loaded: None) -> User:
    """Somebody with a password and a role."""
    user = User.objects.create_user("kari@eksempel.no", PASSWORD, name="Kari Nordby")
    ringerike = Organisation.objects.get(key="3305")
    Membership.objects.create(user=user, organisation=ringerike, role="reader")
    return user


def log_in(client: Client, email: str, password: str, following: str = "") -> object:
    """Send the login form."""
    return client.post("/logg-inn/", {"login": email, "password": password, "next": following})


def test_logging_in_and_out(client: Client, kari: User) -> None:
    """The address may be typed in any case; then on to the page that was asked for."""
    answer = log_in(client, " KARI@Eksempel.NO ", PASSWORD, "/kommuner/3305/")
    assert (answer.status_code, answer["Location"]) == (302, "/kommuner/3305/")
    assert client.get("/logg-inn/").status_code == 302
    assert client.get("/logg-ut/").status_code == 405
    assert client.post("/logg-ut/").status_code == 302
    assert client.get("/kommuner/3305/").status_code == 302


def test_nobody_is_sent_to_another_site(client: Client, kari: User) -> None:
    """The page to go on to is one of ours."""
    for elsewhere in ("https://eksempel.com/", "//eksempel.com", "javascript:alert(1)"):
        assert log_in(Client(), "kari@eksempel.no", PASSWORD, elsewhere)["Location"] == "/"


def test_refused_logins_look_alike(client: Client, kari: User) -> None:
    """Unknown, wrong and shut out get one message, so that nobody learns who has an account."""
    User.objects.create_user("stengt@eksempel.no", PASSWORD, name="Stengt", is_active=False)
    said = []
    for email, password in (
        ("ukjent@eksempel.no", PASSWORD),
        ("kari@eksempel.no", "feil passord her"),
        ("stengt@eksempel.no", PASSWORD),
    ):
        answer = log_in(client, email, password)
        assert answer.status_code == 422
        said.append(str(answer.context["form"].errors))
    assert len(set(said)) == 1
    assert "E-postadressen eller passordet er feil" in said[0]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "email", ["", "\x00", "kari@eksempel.no\x00", "x" * 5000, "'; --", "٣@æ.no"]
)
def test_odd_logins(email: str, client: Client, kari: User) -> None:
    """Are refused, never an error."""
    assert log_in(client, email, "x").status_code == 422
    assert log_in(client, "kari@eksempel.no", email).status_code == 422
