/** French. « vous », verbs on buttons, a narrow no-break space before ; : ! ? and inside guillemets. */
import type { Catalog } from './index';

const plural = new Intl.PluralRules('fr');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const fr: Catalog = {
  ui: {
    close: 'Fermer', cancel: 'Annuler', save: 'Enregistrer', retry: 'Réessayer', undo: 'Annuler', copy: 'Copier', copied: 'Copié', notices: 'Avis',
    showPassword: 'Afficher le mot de passe', hidePassword: 'Masquer le mot de passe', typeToConfirm: (word) => `Tapez « ${word} » pour confirmer`,
  },
  app: {
    skip: 'Aller au contenu', sections: 'Rubriques', roomList: 'Salons et personnes', back: 'Retour', toRooms: 'Aller à vos salons',
    notFound: 'Cette page n’existe pas', notFoundText: 'L’adresse ne mène nulle part. Appuyez sur Ctrl+K pour aller à un salon ou à une personne.',
    tagline: 'Votre équipe, sur votre boîtier',
  },
  link: {
    looking: 'Recherche du boîtier…', reconnecting: 'Reconnexion… Les messages attendent et seront envoyés.', restarting: 'Le boîtier redémarre. Les messages attendent et seront envoyés.',
    offline: (time) => `Sans le boîtier depuis ${time}. Les messages attendent et seront envoyés.`, slow: (ms) => `Le boîtier répond lentement (${(ms / 1000).toFixed(1).replace('.', ',')} s).`,
    tryNow: 'Essayer maintenant', outdated: 'Une nouvelle version est prête.', reload: 'Recharger', needsBox: 'Le boîtier est nécessaire. Réessayez quand il sera revenu.',
    diskFull: 'Le disque du boîtier est plein : vous pouvez lire, mais rien ne peut être enregistré tant qu’il n’y a pas de place.', diskFailing: 'Le disque du boîtier signale des erreurs : vous pouvez lire, mais rien ne peut être enregistré.',
    unreachable: 'Le boîtier ne répond pas', unreachableText: 'Vérifiez que le boîtier est allumé et que vous êtes sur son réseau.',
  },
  roles: { owner: 'Propriétaire', member: 'Membre', guest: 'Invité' },
  presence: {
    online: 'En ligne', away: 'Absent', do_not_disturb: 'Ne pas déranger', offline: 'Hors ligne', automatic: 'En ligne quand je suis actif', menu: (name) => `${name} : présence et déconnexion`,
    setText: 'Définir un texte de présence…', text: 'Texte de présence', textHelp: 'Les autres le voient à côté de votre nom. Laissez vide pour ne rien afficher.',
  },
  session: {
    signIn: 'Se connecter', signInTo: (team) => `Se connecter à ${team}`, userName: 'Nom d’utilisateur', password: 'Mot de passe', forgotten: 'Oublié ?',
    forgottenText: 'Tout propriétaire de votre équipe peut vous donner un lien pour choisir un nouveau mot de passe : Administration, Personnes, votre nom. Le seul propriétaire ne peut demander à personne : nommez-en un second, ou gardez bien ce mot de passe.',
    signOut: 'Se déconnecter', waitFor: (seconds) => `Trop d’essais. Le prochain dans ${count(seconds, 'seconde', 'secondes')}.`,
    confirmTitle: 'Votre mot de passe, s’il vous plaît', confirmText: 'Ceci change qui a le droit de faire quoi, le boîtier le redemande donc.', confirm: 'Continuer',
    ended: 'Votre session est terminée', endedText: 'Vous avez été déconnecté depuis un autre appareil, ou vous êtes resté longtemps absent. Connectez-vous à nouveau pour continuer.',
    kept: (messages, userName) => (messages > 0 ? `${count(messages, 'message', 'messages')} de @${userName} ${messages === 1 ? 'est conservé' : 'sont conservés'} ici et ${messages === 1 ? 'partira' : 'partiront'} quand @${userName} se connectera.` : `Ce que @${userName} a commencé à écrire est conservé ici.`),
    leaveTitle: 'Se déconnecter et perdre ce qui n’est pas envoyé ?', leave: 'Se déconnecter et effacer',
    leaveText: (messages, drafts) => `La déconnexion efface ce qui est dans ce navigateur : ${[messages > 0 ? count(messages, 'message non envoyé', 'messages non envoyés') : '', drafts > 0 ? count(drafts, 'brouillon', 'brouillons') : ''].filter(Boolean).join(' et ')}.`,
  },
  welcome: {
    step: (step, of) => `Étape ${step} sur ${of}`, claimTitle: 'Prenez possession de ce boîtier', ownerTitle: 'Vous, le propriétaire', trustTitle: 'Adresse et confiance', peopleTitle: 'Votre équipe',
    codeText: 'Tapez le code à usage unique. Il prouve que le boîtier est à vous.', code: 'Code du boîtier', codeHelp: 'Il est dans la fenêtre où le boîtier a été démarré, dans son journal, et la commande mesh-appliance claim-code l’affiche.',
    takenOver: (time) => `Quelqu’un configure ce boîtier depuis ${time}. Avec le code, vous prenez la suite.`,
    team: 'Nom de votre équipe', yourName: 'Votre nom', userNameHelp: 'Lettres, chiffres, point, tiret. On vous mentionne avec ; il ne change jamais.', passwordHelp: 'Au moins 10 caractères. Quelques mots conviennent bien.',
    create: 'Créer l’équipe', next: 'Continuer', finish: 'Terminer', skip: 'Passer cette étape', peopleText: 'Une équipe compte de deux à quatre personnes. Chacune reçoit un lien qui marche une seule fois.',
  },
  trust: {
    failed: 'Le certificat n’a pas pu être lu.', address: 'L’adresse de votre boîtier', otherNames: (names) => `Il répond aussi à ${names}`,
    own: 'Votre certificat', ownText: 'Ce boîtier utilise le certificat que vous avez configuré.', local: 'Certificat créé par le boîtier',
    localText: 'Les navigateurs ne le connaissent pas encore et avertissent. Installez-le une fois sur chaque appareil, comme autorité de certification, et l’avertissement disparaît. Il ne peut répondre que de ce boîtier et d’adresses privées.',
    download: 'Télécharger le certificat', fingerprint: 'Empreinte, à comparer avec le journal du boîtier :', validUntil: (date) => `Valable jusqu’au ${date}, puis renouvelé automatiquement.`,
    without: 'Sans lui, les messages et les appels marchent ; les clés d’accès, l’installation et les notifications en arrière-plan, non.',
  },
  invite: {
    invite: 'Inviter quelqu’un', name: 'Pour qui', role: 'En tant que', guestRole: 'Invité : seulement les salons ci-dessous, 24 heures', life: 'Le lien marche', hour: '1 heure', day: '1 jour', week: '7 jours', rooms: 'Entre dans ces salons', make: 'Créer un lien',
    linkFor: (name) => (name ? `Lien pour ${name}` : 'Lien'), resetFor: (name) => `Nouveau mot de passe pour ${name}`, link: 'Lien d’invitation', qr: 'Lien d’invitation en code QR',
    once: (until) => `Marche une seule fois, jusqu’au ${until}. Affiché seulement maintenant.`,
  },
  join: {
    loading: 'Invitation', title: (name) => `${name} vous invite`, text: (team, role, rooms) => `Dans ${team}, en tant que ${role.toLowerCase()}` + (rooms ? `, dans ${rooms}.` : '.'),
    validUntil: (date) => `Ce lien marche jusqu’au ${date}.`, free: 'Ce nom d’utilisateur est libre.', taken: 'Ce nom d’utilisateur est pris ; choisissez-en un autre.', join: 'Rejoindre',
    resetTitle: 'Choisissez un nouveau mot de passe', resetText: (name) => `Pour le nom d’utilisateur ${name}. Tous vos appareils sont déconnectés.`, newPassword: 'Nouveau mot de passe', setPassword: 'Définir le mot de passe',
    unknown: 'Ce lien n’est pas des nôtres. Vérifiez qu’il est complet, ou demandez-en un nouveau.', signedInAs: (name) => `Vous êtes connecté ici en tant que ${name}.`, switchUser: 'Se déconnecter et rejoindre sous un autre nom',
    states: {
      open: (name) => `${name} vous attend.`, used: (name) => `Ce lien a déjà servi. Demandez-en un nouveau à ${name}.`, expired: (name) => `Ce lien a expiré. Demandez-en un nouveau à ${name}.`, revoked: (name) => `Ce lien a été retiré. Demandez-en un nouveau à ${name}.`,
    },
  },
  room: {
    rooms: 'Salons', people: 'Personnes', joinable: 'Autres salons', archive: 'Archives', none: 'Aucun salon. Créez-en un, ou demandez à être ajouté.', create: 'Nouveau salon', createAction: 'Créer le salon', name: 'Nom', topic: 'Sujet', topicHelp: 'De quoi il s’agit. Peut rester vide.',
    whoEnters: 'Qui peut entrer', open: 'Toute l’équipe', openHelp: 'Les membres le voient et peuvent entrer tant qu’il y a une place.', invited: 'Seulement les personnes ajoutées', invitedHelp: 'Les autres ne le voient pas.',
    membersOf: (n) => `Membres (${n} sur 4)`, unread: (n, m) => count(n, 'message non lu', 'messages non lus') + (m > 0 ? `, ${count(m, 'mention', 'mentions')}` : ''), openFailed: 'La conversation n’a pas pu être ouverte.',
    you: 'vous', reads: 'lit', makeReader: 'Peut seulement lire', makeWriter: 'Peut écrire', removeMember: 'Retirer du salon', memberMenu: (name) => `Modifier ${name}`, add: 'Ajouter quelqu’un', addAction: 'Ajouter', full: 'Le salon est plein : quatre membres au plus.',
    settings: 'Réglages du salon', archiveAction: 'Archiver', unarchive: 'Sortir des archives', archived: 'Salon archivé', unarchived: 'Le salon est de retour', delete: 'Supprimer le salon', deleteTitle: (name) => `Supprimer ${name} ?`, deleteText: 'Le salon et tout ce qui y est écrit disparaissent pour de bon, pour tous.',
    peopleIn: 'Personnes du salon', more: 'Plus', leave: 'Quitter le salon', join: 'Entrer', joinText: (name) => `Vous n’êtes pas encore dans ${name}.`, fullRefusal: 'Ce salon est plein : quatre membres au plus. Demandez à quelqu’un d’en sortir, ou créez un autre salon.',
    gone: 'Ce salon n’existe pas, ou pas pour vous.', notHere: 'Ce salon n’est pas encore sur cet appareil. Il apparaîtra quand le boîtier sera revenu.',
  },
  chat: {
    messages: 'Messages', placeholder: (room) => `Message à ${room}`, send: 'Envoyer', save: 'Enregistrer', mention: 'Mentionner', everyone: 'tous', reply: 'Répondre', edit: 'Modifier', delete: 'Supprimer', react: 'Réagir', more: 'Plus', copyText: 'Copier le texte', copyLink: 'Copier le lien', markUnread: 'Marquer non lu à partir d’ici',
    pin: 'Épingler', unpin: 'Détacher', pinned: 'Épinglé', pins: 'Messages épinglés', noPins: 'Rien n’est épinglé ici. Épinglez un message depuis son menu.', pinsFailed: 'Les messages épinglés n’ont pas pu être chargés.', showHistory: 'Textes précédents', formerTexts: 'Textes précédents', edited: 'modifié', deleted: 'Message supprimé', messageDeleted: 'Message supprimé',
    code: 'Code', copyCode: 'Copier le code', editing: 'Vous modifiez votre message', replyingTo: (name, text) => `Réponse à ${name} : ${text}`, earlier: 'Un message plus ancien', notFound: 'Le message n’a pas été trouvé.', start: (room) => (room ? `Voici le début de ${room}. Dites bonjour.` : 'Voici le début de votre conversation. Dites bonjour.'),
    loadFailed: 'Les messages n’ont pas pu être chargés.', olderFailed: 'Les messages plus anciens n’ont pas pu être chargés.', newMessages: (n) => count(n, 'nouveau message', 'nouveaux messages'), toLatest: (n) => (n > 0 ? `Plus récents · ${n}` : 'Plus récents'),
    waiting: 'En attente du boîtier', sending: 'Envoi…', writing: (names, n) => `${names} ${n === 1 ? 'écrit' : 'écrivent'}…`, seenBy: (names) => `Vu par ${names}`, messageBy: (name, at) => `${name}, ${at}`,
    reactedBy: (emoji, n, names) => `${emoji}, ${n} : ${names}`, archived: 'Ce salon est archivé : vous pouvez le lire.', readOnly: 'Vous pouvez lire ce salon, pas y écrire. Demandez à un propriétaire.', length: (bytes, most) => `${bytes} octets sur ${most}. Envoyez les textes plus longs en fichier.`,
    spoken: (name, text) => `${name} : ${text}.`, spokenMany: (n, room) => `${n} nouveaux messages` + (room ? ` dans ${room}.` : '.'),
  },
  notice: {
    created: (by, name) => `${by} a créé le salon ${name}.`, directStarted: (by) => `${by} a commencé cette conversation.`, joined: (name) => `${name} est entré.`, added: (by, name) => `${by} a ajouté ${name}.`, left: (name) => `${name} est parti.`,
    removed: (by, name) => `${by} a retiré ${name}.`, archived: (by) => `${by} a archivé le salon.`, unarchived: (by) => `${by} a sorti le salon des archives.`, renamed: (by, name) => `${by} a renommé le salon en ${name}.`, topic: (by, topic) => `${by} a défini le sujet : ${topic}`, changed: (by) => `${by} a changé qui peut entrer.`,
  },
  search: { title: 'Rechercher', label: 'Rechercher des messages', where: 'Où', everywhere: 'Tous mes salons', who: 'De', anybody: 'N’importe qui', hint: 'Des mots, dans n’importe quel ordre. Accents et majuscules ne comptent pas.', failed: 'La recherche n’a pas pu être faite.', nothing: 'Rien trouvé. Essayez moins de mots.', results: 'Résultats', more: 'Plus de résultats' },
  palette: { title: 'Aller à', placeholder: 'Un salon, une personne, une page, une action…', nothing: 'Rien ne correspond.', pages: 'Pages', actions: 'Actions', toggleTheme: 'Passer du clair au sombre', otherLanguage: 'Switch to English', shortcuts: 'Raccourcis clavier' },
  shortcuts: { title: 'Raccourcis clavier', keys: 'Touches', does: 'Effet', palette: 'Aller à un salon, une personne, une page', sheet: 'Cette liste', regions: 'Région suivante de la page (avec Maj : précédente)', rooms: 'Salon suivant et précédent', unread: 'Salon non lu suivant et précédent', search: 'Rechercher des messages', drawer: 'Liste des salons', editLast: 'Modifier le dernier message (champ vide)', send: 'Envoyer', newLine: 'Nouvelle ligne', escape: 'Fermer, ou cesser de modifier' },
  settings: {
    title: 'Réglages', profile: 'Profil', security: 'Sécurité', appearance: 'Apparence', accessibility: 'Accessibilité', shortcuts: 'Raccourcis', about: 'À propos', saved: 'Enregistré', color: 'Couleur', colors: ['Rouge', 'Orange', 'Jaune', 'Vert', 'Turquoise', 'Bleu', 'Violet', 'Rose'],
    language: 'Langue', theme: 'Thème', themes: { system: 'Comme le système', light: 'Clair', dark: 'Sombre' }, density: 'Densité', densities: { comfortable: 'Confortable', compact: 'Compacte' }, textSize: 'Taille du texte', enter: 'Touche Entrée', enters: { send: 'Envoie ; Maj+Entrée va à la ligne', newline: 'Va à la ligne ; Ctrl+Entrée envoie' },
    announce: 'Messages lus à voix haute', announceHelp: 'Ce qu’un lecteur d’écran dit des nouveaux messages.', announces: { all: 'Tous', mentions: 'Mentions et messages directs', none: 'Aucun' }, motion: 'Moins de mouvement', motionHelp: 'Pas d’animations, quoi que dise le système.',
    changePassword: 'Changer le mot de passe', currentPassword: 'Mot de passe actuel', newPassword: 'Nouveau mot de passe', passwordEnds: 'Au moins 10 caractères. Vos autres appareils sont déconnectés.', passwordChanged: 'Mot de passe changé', sessions: 'Où vous êtes connecté', sessionsFailed: 'Vos sessions n’ont pas pu être chargées.',
    browser: 'Navigateur', address: 'Adresse', lastUse: 'Dernière utilisation', actions: 'Actions', unknownBrowser: 'Navigateur inconnu', thisOne: 'celui-ci', signOutOthers: 'Se déconnecter partout ailleurs', version: 'Version', team: 'Équipe', link: 'Boîtier', linkOnline: (ms) => (ms === null ? 'connecté' : `connecté, ${ms} ms`), linkAway: 'non connecté',
    licence: 'Mesh est un logiciel libre sous licence Apache 2.0 ou MIT.', copyDiagnostics: 'Copier ces informations',
  },
  admin: {
    title: 'Administration', people: 'Personnes', invites: 'Invitations', rooms: 'Salons', trust: 'Confiance', failed: 'La liste n’a pas pu être chargée.', person: 'Personne', role: 'Rôle', lastSeen: 'Dernière venue', never: 'jamais', removed: 'retiré', personMenu: (name) => `Modifier ${name}`, makeOwner: 'Nommer propriétaire', makeMember: 'Nommer membre', reset: 'Lien pour un nouveau mot de passe', remove: 'Retirer de l’équipe',
    removeTitle: (name) => `Retirer ${name} ?`, removeText: 'La personne est déconnectée partout aussitôt et quitte tous les salons. Ce qu’elle a écrit reste.', noInvites: 'Aucune invitation.', for: 'Pour', anybody: 'n’importe qui', expires: 'Expire', state: 'État', states: { open: 'ouverte', used: 'utilisée', expired: 'expirée', revoked: 'retirée' }, resetKind: 'Nouveau mot de passe', revoke: 'Retirer', room: 'Salon', members: 'Membres', archived: 'archivé',
  },
  fields: { team: 'Choisissez un nom de 48 caractères au plus.', name: 'Choisissez un nom de 48 caractères au plus, sans caractères invisibles.', userName: 'Lettres, chiffres, point, tiret ou souligné ; commencez et finissez par une lettre ou un chiffre.', password: 'Au moins 10 caractères, s’il vous plaît.' },
  errors: {
    unreachable: 'Le boîtier ne répond pas. Vérifiez votre réseau et réessayez.', malformed: 'Le boîtier n’a pas compris. Rechargez la page.', version_unsupported: 'Cette page est d’une autre version. Rechargez-la.', signed_out: 'Connectez-vous d’abord.', credentials_wrong: 'Nom d’utilisateur ou mot de passe incorrect.', reauthentication_needed: 'Redonnez votre mot de passe pour faire ceci.',
    claim_code_wrong: 'Ce code est incorrect, ou il a expiré. Vérifiez-le et réessayez.', already_claimed: 'Ce boîtier a déjà un propriétaire. Connectez-vous.', not_claimed: 'Ce boîtier n’a pas encore de propriétaire.', too_many: 'Trop d’essais. Attendez un peu.', forbidden: 'Vous n’avez pas le droit de faire ceci. Demandez à un propriétaire.', not_found: 'Ceci n’existe pas, ou pas pour vous.',
    host_unknown: 'Cette adresse n’est pas un des noms du boîtier.', origin_foreign: 'Les requêtes d’autres sites sont refusées.', field_invalid: 'Un champ a une valeur qui n’est pas permise.', text_too_long: 'Trop long. Envoyez-le en fichier.', text_empty: 'Il n’y a pas de texte.', too_large: 'C’est plus grand que permis.', user_name_taken: 'Ce nom d’utilisateur est pris ; choisissez-en un autre.',
    room_name_taken: 'Un salon de ce nom existe ; choisissez-en un autre.', room_full: 'Le salon est plein : quatre membres au plus.', limit_reached: 'Il n’y a pas de place pour un autre. Retirez-en un d’abord.', room_archived: 'Le salon est archivé.', read_only: 'Vous pouvez lire ce salon, pas y écrire.', message_deleted: 'Le message a été supprimé.', not_author: 'Seul son auteur peut faire ceci.',
    invite_used: 'Cette invitation a servi. Demandez-en une nouvelle.', invite_expired: 'Cette invitation a expiré. Demandez-en une nouvelle.', invite_revoked: 'Cette invitation a été retirée. Demandez-en une nouvelle.', last_owner: 'Une équipe a besoin d’un propriétaire. Nommez-en un autre d’abord.', storage_full: 'Le disque du boîtier est plein. Rien n’a été enregistré.', storage_failing: 'Le disque du boîtier signale des erreurs. Rien n’a été enregistré.', busy: 'Le boîtier est occupé. Réessayez bientôt.', internal: 'Un problème est survenu dans le boîtier. Son journal a les détails.',
  },
};
