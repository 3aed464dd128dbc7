"""Addresses of the agreements room."""

from django.urls import path

from agreements.views import (
    answers,
    creation,
    deadlines,
    decisions,
    differences,
    documents,
    economy,
    findings,
    history,
    inputs,
    notices,
    overview,
    parties,
    plans,
    record,
    resolutions,
    review,
    services,
    text,
    versions,
)
from financing import files, plan_urls

urlpatterns = [
    path("", overview.desk, name="desk"),
    path("min-side/varsler/", notices.notices, name="notices"),
    path("min-side/varsler/lest/", notices.mark_read, name="read-notices"),
    path("avtaler/", overview.agreement_list, name="agreements"),
    path("avtaler/ny/", creation.choose_region, name="new-agreement"),
    path("avtaler/ny/<slug:region_slug>/", creation.new_agreement, name="new-agreement-in"),
    path("avtaler/<slug:slug>/", overview.overview, name="agreement"),
    path("avtaler/<slug:slug>/opplysninger/", overview.details, name="details"),
    path("avtaler/<slug:slug>/tekst/", text.text, name="text"),
    path("avtaler/<slug:slug>/tekst/nytt-punkt/", text.new_clause, name="new-clause"),
    path("avtaler/<slug:slug>/tekst/punkt/<slug:key>/", text.clause, name="clause"),
    path(
        "avtaler/<slug:slug>/tekst/punkt/<slug:key>/slett/",
        text.delete_clause,
        name="delete-clause",
    ),
    path(
        "avtaler/<slug:slug>/tekst/punkt/<slug:key>/flytt/<slug:step>/",
        text.move_clause,
        name="move-clause",
    ),
    path(
        "avtaler/<slug:slug>/tekst/punkt/<slug:key>/historikk/",
        history.clause_history,
        name="clause-history",
    ),
    path(
        "avtaler/<slug:slug>/tekst/punkt/<slug:key>/gjenopprett/",
        history.restore_wording,
        name="restore-wording",
    ),
    path(
        "avtaler/<slug:slug>/tekst/slettede/gjenopprett/",
        history.restore_clause,
        name="restore-clause",
    ),
    path("avtaler/<slug:slug>/innspill/", inputs.inputs, name="inputs"),
    path("avtaler/<slug:slug>/innspill/nytt/", inputs.new_input, name="new-input"),
    path(
        "avtaler/<slug:slug>/innspill/forslag/<slug:key>/",
        inputs.new_suggestion,
        name="new-suggestion",
    ),
    path("avtaler/<slug:slug>/innspill/spor/", inputs.input_trace, name="input-trace"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/", answers.input_page, name="input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/svar/", answers.reply, name="reply-input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/avklar/", answers.resolve, name="resolve-input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/avslag/", answers.decline, name="decline-input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/gjenapne/", answers.reopen, name="reopen-input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/trekk/", answers.withdraw, name="withdraw-input"),
    path("avtaler/<slug:slug>/innspill/<int:pk>/ta-inn/", answers.accept, name="accept-input"),
    path("avtaler/<slug:slug>/parter/", parties.parties, name="parties"),
    path("avtaler/<slug:slug>/parter/ny/", parties.new_party, name="new-party"),
    path("avtaler/<slug:slug>/parter/part/<slug:key>/", parties.party, name="party"),
    path(
        "avtaler/<slug:slug>/parter/part/<slug:key>/slett/",
        parties.delete_party,
        name="delete-party",
    ),
    path("avtaler/<slug:slug>/tjenester/", services.services, name="services"),
    path("avtaler/<slug:slug>/tjenester/<slug:key>/", services.service, name="service"),
    path(
        "avtaler/<slug:slug>/tjenester/<slug:key>/slett/",
        services.delete_service,
        name="delete-service",
    ),
    path(
        "avtaler/<slug:slug>/tjenester/<slug:key>/flytt/<slug:step>/",
        services.move_service,
        name="move-service",
    ),
    path("avtaler/<slug:slug>/okonomi/velg/", economy.choose, name="choose-alternative"),
    *plan_urls.patterns(economy.of_agreement, "avtaler/<slug:slug>/okonomi/", ""),
    path("okonomi/", plans.plan_list, name="plans"),
    path("okonomi/ny/", plans.new_plan, name="new-plan"),
    *plan_urls.patterns(plans.of_plan, "okonomi/<int:plan_pk>/", plans.PREFIX),
    path(
        "okonomi/<int:plan_pk>/sammenligning.pdf",
        plans.comparison_pdf,
        name="study-comparison-pdf",
    ),
    *(
        path(
            f"okonomi/<int:plan_pk>/bidragstabell.{form}",
            plans.table_file,
            {"form": form},
            name=f"study-contributions-{form}",
        )
        for form in files.FILES
    ),
    path("avtaler/<slug:slug>/kontroll/", findings.findings, name="findings"),
    path("avtaler/<slug:slug>/historikk/", differences.history, name="history"),
    path("avtaler/<slug:slug>/historikk/hendelser/", record.events, name="record"),
    path("avtaler/<slug:slug>/historikk/hendelser.csv", record.record_csv, name="record-csv"),
    path("avtaler/<slug:slug>/historikk/hendelser.pdf", record.record_pdf, name="record-pdf"),
    path(
        "avtaler/<slug:slug>/historikk/<slug:kind>/<slug:key>/",
        differences.difference,
        name="difference",
    ),
    path("avtaler/<slug:slug>/behandling/", review.review, name="review"),
    path("avtaler/<slug:slug>/behandling/las/", review.freeze, name="freeze"),
    path("avtaler/<slug:slug>/behandling/frist/", deadlines.move_deadline, name="move-deadline"),
    path(
        "avtaler/<slug:slug>/behandling/be-om-lasing/",
        deadlines.request_freeze,
        name="request-freeze",
    ),
    path("avtaler/<slug:slug>/behandling/steg/<slug:action>/", review.take_step, name="step"),
    path("avtaler/<slug:slug>/behandling/svar/<slug:key>/", decisions.decision, name="decision"),
    path(
        "avtaler/<slug:slug>/behandling/svar/<slug:key>/trekk/",
        decisions.take_back,
        name="take-back",
    ),
    path(
        "avtaler/<slug:slug>/behandling/svar/<slug:key>/deleger/",
        decisions.delegate,
        name="delegate",
    ),
    path(
        "avtaler/<slug:slug>/behandling/svar/<slug:key>/deleger/<int:pk>/avslutt/",
        decisions.revoke,
        name="revoke-delegation",
    ),
    path(
        "avtaler/<slug:slug>/behandling/vedtak/<slug:key>/",
        resolutions.resolution,
        name="resolution",
    ),
    path(
        "avtaler/<slug:slug>/behandling/vedtak/utskrift/<int:pk>/",
        resolutions.extract,
        name="resolution-extract",
    ),
    path("avtaler/<slug:slug>/versjoner/<int:number>/", versions.version, name="version"),
    path(
        "avtaler/<slug:slug>/versjoner/<int:number>/avtale.pdf",
        versions.version_pdf,
        name="version-pdf",
    ),
    path(
        "avtaler/<slug:slug>/versjoner/<int:before>/mot/<int:after>/",
        versions.between,
        name="version-difference",
    ),
    path("avtaler/<slug:slug>/dokumenter/", documents.document_list, name="documents"),
    path(
        "avtaler/<slug:slug>/dokumenter/avtale.pdf", documents.agreement_pdf, name="agreement-pdf"
    ),
    path(
        "avtaler/<slug:slug>/dokumenter/bidragstabell.pdf",
        documents.contributions_pdf,
        name="contributions-pdf",
    ),
    path(
        "avtaler/<slug:slug>/dokumenter/sammenligning.pdf",
        documents.comparison_pdf,
        name="comparison-pdf",
    ),
    *(
        path(
            f"avtaler/<slug:slug>/dokumenter/bidragstabell.{form}",
            documents.table_file,
            {"form": form},
            name=f"contributions-{form}",
        )
        for form in files.FILES
    ),
]
