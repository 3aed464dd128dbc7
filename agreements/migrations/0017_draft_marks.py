from django.db import migrations

# The mark of `0014_draft_mark`, with a mark of its own for each part of a draft: whoever has read the
# draft before reads only the parts that are written since. As text, «part=rows:sum part=rows:sum ...»,
# under the name it had, so that a process of the release before goes on while the database is migrated.
_MARKS = """
CREATE OR REPLACE FUNCTION agreements_draft_mark(wanted bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    the_region bigint;
    the_plan bigint;
    the_template bigint;
BEGIN
    SELECT region_id, plan_id, template_id INTO the_region, the_plan, the_template
    FROM agreements_agreement WHERE id = wanted;
    RETURN (
        SELECT string_agg(part || '=' || rows || ':' || total, ' ' ORDER BY part) FROM (
            SELECT part, count(*)::text AS rows,
                   sum(hashtidextended(place, (kind::bigint << 32) + written::text::bigint))::text AS total
            FROM (
                SELECT 'agreement' AS part, tableoid AS kind, ctid AS place, xmin AS written
                FROM agreements_agreement WHERE id = wanted
                UNION ALL SELECT 'agreement', tableoid, ctid, xmin
                FROM agreements_agreementtemplate WHERE id = the_template
                UNION ALL SELECT 'agreement', own.tableoid, own.ctid, own.xmin
                FROM municipalities_user own
                JOIN agreements_agreementtemplate template ON template.confirmed_by_id = own.id
                WHERE template.id = the_template
                UNION ALL SELECT 'agreement', tableoid, ctid, xmin
                FROM municipalities_region WHERE id = the_region
                UNION ALL SELECT 'agreement', own.tableoid, own.ctid, own.xmin
                FROM municipalities_municipality own
                JOIN municipalities_region region ON region.contract_municipality_id = own.id
                WHERE region.id = the_region
                UNION ALL SELECT 'clauses', tableoid, ctid, xmin
                FROM agreements_clause WHERE agreement_id = wanted
                UNION ALL SELECT 'parties', tableoid, ctid, xmin
                FROM agreements_party WHERE agreement_id = wanted
                UNION ALL SELECT 'parties', own.tableoid, own.ctid, own.xmin
                FROM agreements_party_on_behalf_of own
                JOIN agreements_party party ON party.id = own.party_id
                WHERE party.agreement_id = wanted
                UNION ALL SELECT 'services', tableoid, ctid, xmin
                FROM agreements_serviceitem WHERE agreement_id = wanted
                UNION ALL SELECT 'services', own.tableoid, own.ctid, own.xmin
                FROM agreements_servicechoice own
                JOIN agreements_serviceitem service ON service.id = own.service_id
                WHERE service.agreement_id = wanted
                UNION ALL SELECT 'attachments', tableoid, ctid, xmin
                FROM agreements_attachment WHERE agreement_id = wanted
                UNION ALL SELECT 'attachments', own.tableoid, own.ctid, own.xmin
                FROM agreements_attachmentfile own
                JOIN agreements_attachment attachment ON attachment.id = own.attachment_id
                WHERE attachment.agreement_id = wanted
                UNION ALL SELECT 'today', tableoid, ctid, xmin
                FROM financing_currentcontribution WHERE plan_id = the_plan
                UNION ALL SELECT 'plan', tableoid, ctid, xmin
                FROM financing_plan WHERE id = the_plan
                UNION ALL SELECT 'plan', tableoid, ctid, xmin
                FROM financing_participant WHERE plan_id = the_plan
                UNION ALL SELECT 'plan', own.tableoid, own.ctid, own.xmin
                FROM municipalities_municipality own
                JOIN municipalities_organisation body ON body.municipality_id = own.id
                JOIN financing_participant participant ON participant.organisation_id = body.id
                WHERE participant.plan_id = the_plan
                UNION ALL SELECT 'plan', tableoid, ctid, xmin
                FROM financing_extra WHERE plan_id = the_plan
                UNION ALL SELECT 'plan', tableoid, ctid, xmin
                FROM financing_alternative WHERE plan_id = the_plan
                UNION ALL SELECT 'plan', own.tableoid, own.ctid, own.xmin
                FROM financing_rule own
                JOIN financing_alternative alternative ON alternative.id = own.alternative_id
                WHERE alternative.plan_id = the_plan
                UNION ALL SELECT 'plan', own.tableoid, own.ctid, own.xmin
                FROM financing_ruleweight own
                JOIN financing_rule rule ON rule.id = own.rule_id
                JOIN financing_alternative alternative ON alternative.id = rule.alternative_id
                WHERE alternative.plan_id = the_plan
                UNION ALL SELECT 'plan', own.tableoid, own.ctid, own.xmin
                FROM financing_indexfactor own
                JOIN financing_alternative alternative ON alternative.id = own.alternative_id
                WHERE alternative.plan_id = the_plan
                UNION ALL SELECT 'register', tableoid, ctid, xmin FROM municipalities_county
                UNION ALL SELECT 'register', tableoid, ctid, xmin FROM municipalities_organisation
            ) AS read
            GROUP BY part
        ) AS parts
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0016_vouched"),
        ("financing", "0003_extras"),
        ("municipalities", "0004_accounts"),
    ]

    # Going back, the function stays: what asked for one mark takes these as one.
    operations = [migrations.RunSQL(_MARKS, migrations.RunSQL.noop)]
